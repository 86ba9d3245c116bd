import {
  Action,
  Bytes,
  HttpFilter,
  httpFilter,
  randomBytes,
  ReplyOptions,
  RequestHeaders,
  utf8,
} from "as-proxy-wasm";

/** Answers with as many random bytes as `x-kib` has bytes, times 1024. */
@httpFilter("draws-bytes")
export class DrawsBytes extends HttpFilter {
  onRequestHeaders(headers: RequestHeaders, endOfStream: bool): Action {
    const kib = headers.get(utf8("x-kib"));
    const reply = new ReplyOptions();
    reply.body = kib === null ? Bytes.EMPTY : randomBytes(kib.length << 10);
    return this.respond(200, "drawn", reply);
  }
}
