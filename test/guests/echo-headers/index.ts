import {
  Action,
  Bytes,
  Counter,
  currentTimeNanos,
  HttpFilter,
  httpFilter,
  log,
  RequestHeaders,
  ResponseHeaders,
  utf8,
} from "as-proxy-wasm";
import { EchoConfiguration, Edit } from "./config";

const requests = new Counter("echo_headers.requests");
const formatted = new Counter("echo_headers.formatted_debug_messages");

/** Does what its configuration asks for with the headers of requests and responses. */
@httpFilter("echo-headers")
export class EchoHeaders extends HttpFilter<EchoConfiguration> {
  onRequestHeaders(headers: RequestHeaders, endOfStream: bool): Action {
    requests.increment();
    if (this.config.isLogging) logAll(headers);
    log.debug(countedMessage());
    this.edit(headers);
    if (this.config.isTiming)
      headers.set(utf8("x-time-nanos"), Bytes.fromString(currentTimeNanos().toString()));
    const reply = this.config.reply;
    return reply === null ? Action.Continue : this.respond(reply.status, reply.details, reply.options);
  }

  onResponseHeaders(headers: ResponseHeaders, endOfStream: bool): Action {
    const value = this.config.responseHeader;
    if (value !== null) headers.add(utf8("x-echo"), value);
    return Action.Continue;
  }

  private edit(headers: RequestHeaders): void {
    for (let i = 0; i < this.config.edits.length; i++) apply(this.config.edits[i], headers);
  }
}

function logAll(headers: RequestHeaders): void {
  for (let i = 0; i < headers.size; i++) {
    log.info(headers.nameAt(i).toString() + "=" + headers.valueAt(i).toString());
  }
}

/** Counts how often the debug message was formatted: never when debug is off. */
function countedMessage(): string {
  formatted.increment();
  return "a debug message";
}

function apply(edit: Edit, headers: RequestHeaders): void {
  if (edit.kind == 0) headers.add(edit.name, edit.value);
  else if (edit.kind == 1) headers.set(edit.name, edit.value);
  else headers.remove(edit.name);
}
