import {
  Action,
  Body,
  Bytes,
  Configuration,
  HttpFilter,
  httpFilter,
  JsonObject,
  Plugin,
  RequestHeaders,
  ResponseHeaders,
  SharedUpdate,
  utf8,
} from "as-proxy-wasm";

/** How many requests this VM has seen. */
let seen: i32 = 0;

/** Adds one to a number in digits. */
class Increment extends SharedUpdate {
  next(current: Bytes | null): Bytes | null {
    const number = current === null ? 0 : <i32>parseInt(current.toString());
    return Bytes.fromString((number + 1).toString());
  }
}

class NamedConfiguration extends Configuration {
  name: string = "";

  read(json: JsonObject): void {
    this.name = json.stringOr("name", "");
  }
}

class TrappingPlugin extends Plugin<NamedConfiguration> {
  onConfigured(): void {
    if (this.config.name == "traps" || this.sharedData.get(utf8("broken")) !== null) unreachable();
  }
}

/**
 * Traps in the callback that the request's header `x-trap` names, and holds a request with `x-hold`. Responses say how
 * many requests their VM has seen, how many all VMs together, by shared data, and the name in the configuration. One named
 * `traps` does so when it is configured, and so does every one after the header `x-break`.
 */
@httpFilter("traps-when-asked")
export class TrapsWhenAsked extends HttpFilter<NamedConfiguration, TrappingPlugin> {
  private trapsIn: string = "";

  onRequestHeaders(headers: RequestHeaders, endOfStream: bool): Action {
    seen++;
    this.plugin.sharedData.update(utf8("seen"), new Increment());
    if (headers.has(utf8("x-break"))) this.plugin.sharedData.set(utf8("broken"), Bytes.EMPTY);
    const asked = headers.get(utf8("x-trap"));
    if (asked !== null) this.trapsIn = asked.toString();
    this.trap("request_headers");
    return headers.has(utf8("x-hold")) ? Action.Pause : Action.Continue;
  }

  onRequestBody(body: Body, endOfStream: bool): Action {
    this.trap("request_body");
    return Action.Continue;
  }

  onResponseHeaders(headers: ResponseHeaders, endOfStream: bool): Action {
    this.trap("response_headers");
    const all = this.plugin.sharedData.get(utf8("seen"));
    headers.set(utf8("x-in-vm"), Bytes.fromString(seen.toString()));
    headers.set(utf8("x-in-all"), all === null ? Bytes.EMPTY : all.bytes);
    headers.set(utf8("x-name"), Bytes.fromString(this.config.name));
    return Action.Continue;
  }

  onResponseBody(body: Body, endOfStream: bool): Action {
    this.trap("response_body");
    return Action.Continue;
  }

  onLog(): void {
    this.trap("log");
  }

  onDone(): void {
    this.trap("done");
  }

  private trap(callback: string): void {
    if (this.trapsIn == callback) unreachable();
  }
}
