import {
  Action,
  Bytes,
  getProperty,
  HttpFilter,
  httpFilter,
  log,
  RequestHeaders,
  ResponseHeaders,
  setProperty,
  utf8,
} from "as-proxy-wasm";

/**
 * Logs in each phase the properties that the request's `x-get`s name, their segments joined by `|`, as hexadecimal; sets
 * those that `x-set: path=value` names in the request's phase.
 */
@httpFilter("properties")
export class Properties extends HttpFilter {
  private paths: string[] = [];

  onRequestHeaders(headers: RequestHeaders, endOfStream: bool): Action {
    const asked = headers.getAll(utf8("x-get"));
    for (let i = 0; i < asked.length; i++) this.paths.push(asked[i].toString());
    const set = headers.getAll(utf8("x-set"));
    for (let i = 0; i < set.length; i++) store(set[i].toString());
    this.show("request");
    return Action.Continue;
  }

  onResponseHeaders(headers: ResponseHeaders, endOfStream: bool): Action {
    this.show("response");
    return Action.Continue;
  }

  onLog(): void {
    this.show("log");
  }

  private show(phase: string): void {
    for (let i = 0; i < this.paths.length; i++) {
      const path = this.paths[i];
      const value = getProperty(Bytes.fromString(path.replaceAll("|", "\0")));
      log.info(phase + " " + path + " = " + (value === null ? "absent" : hexadecimal(value)));
    }
  }
}

function store(assignment: string): void {
  const at = assignment.indexOf("=");
  const path = Bytes.fromString(assignment.substring(0, at));
  log.info("set " + setProperty(path, Bytes.fromString(assignment.substring(at + 1))).toString());
}

function hexadecimal(bytes: Bytes): string {
  const digits: string[] = [];
  for (let i = 0; i < bytes.length; i++) digits.push((0x100 + <u32>bytes[i]).toString(16).substring(1));
  return digits.join("");
}
