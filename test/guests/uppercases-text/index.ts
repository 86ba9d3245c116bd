import {
  Action,
  Body,
  Bytes,
  Configuration,
  HttpFilter,
  httpFilter,
  JsonObject,
  OverLimit,
  RequestHeaders,
  ResponseHeaders,
} from "as-proxy-wasm";

const WAYS = ["whole", "each_chunk", "empty_is_end", "end_with_bytes"];

enum Way {
  Whole,
  EachChunk,
  EmptyIsEnd,
  EndWithBytes,
}

/** `{ "way" }` */
class TextConfiguration extends Configuration {
  way: i32 = 0;

  read(json: JsonObject): void {
    this.way = json.oneOf("way", WAYS);
  }
}

/**
 * Turns bodies into capitals: whole ones; each chunk as if it were a text of its own; or it leaves them as they are, and says `!` to an
 * empty chunk, or to a last one that has bytes.
 */
@httpFilter("uppercases-text")
export class UppercasesText extends HttpFilter<TextConfiguration> {
  onRequestHeaders(headers: RequestHeaders, endOfStream: bool): Action {
    if (this.config.way == Way.Whole) this.bufferRequestBody(1_000, OverLimit.Refuse);
    else this.rewriteRequestBody();
    return Action.Continue;
  }

  onRequestBody(body: Body, endOfStream: bool): Action {
    return this.edit(body, endOfStream);
  }

  onWholeRequestBody(body: Body): Action {
    return this.edit(body, true);
  }

  onResponseHeaders(headers: ResponseHeaders, endOfStream: bool): Action {
    if (this.config.way == Way.Whole) this.bufferResponseBody(1_000, OverLimit.Refuse);
    else this.rewriteResponseBody();
    return Action.Continue;
  }

  onResponseBody(body: Body, endOfStream: bool): Action {
    return this.edit(body, endOfStream);
  }

  onWholeResponseBody(body: Body): Action {
    return this.edit(body, true);
  }

  private edit(body: Body, endOfStream: bool): Action {
    const way = this.config.way;
    if (way <= Way.EachChunk) body.replace(Bytes.fromString(body.read().toString().toUpperCase()));
    else if (way == Way.EmptyIsEnd && body.size == 0 && !endOfStream) body.replace(Bytes.fromString("!"));
    else if (way == Way.EndWithBytes && body.size > 0 && endOfStream) body.append(Bytes.fromString("!"));
    return Action.Continue;
  }
}
