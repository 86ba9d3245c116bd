import {
  Action,
  Bytes,
  HttpFilter,
  httpFilter,
  LabelledCounter,
  LabelledHistogram,
  RequestHeaders,
  ResponseHeaders,
  utf8,
} from "as-proxy-wasm";
import { KeyList } from "../key-list";

const SIZE = 42;

const requests = new LabelledCounter("bench.requests", ["class", "segment"]);
const sizes = new LabelledHistogram("bench.size", ["class", "segment"]);

/** Counts each response, and records a size, by the class of its status and the first segment of the request's path. */
@httpFilter("bench")
export class Metrics extends HttpFilter<KeyList> {
  private segment: Bytes = Bytes.EMPTY;

  onRequestHeaders(headers: RequestHeaders, endOfStream: bool): Action {
    const path = headers.get(utf8(":path"));
    if (path !== null) this.segment = firstSegment(path).copy();
    return Action.Continue;
  }

  onResponseHeaders(headers: ResponseHeaders, endOfStream: bool): Action {
    const status = headers.get(utf8(":status"));
    if (status === null) return Action.Continue;
    const statusClass = status.slice(0, 1);
    requests.with(statusClass, this.segment).increment();
    sizes.with(statusClass, this.segment).record(SIZE);
    return Action.Continue;
  }
}

function firstSegment(path: Bytes): Bytes {
  let end = 1;
  while (end < path.length && path[end] != 0x2f && path[end] != 0x3f) end++;
  return path.slice(1, end);
}
