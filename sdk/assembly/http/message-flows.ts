import { Action, BufferType, StreamType } from "../abi/types";
import { Bytes, utf8 } from "../bytes";
import { Callback } from "../callbacks";
import {
  HttpFields,
  RequestHeaders,
  RequestTrailers,
  ResponseHeaders,
  ResponseTrailers,
} from "../http-fields";
import { HttpStream } from "./stream";
import { MessageFlow } from "./message-flow";

/** The request's way through a filter. */
export class RequestFlow extends MessageFlow {
  constructor(stream: HttpStream, isPaused: bool) {
    super(stream, StreamType.HttpRequest, Callback.RequestHeaders, BufferType.HttpRequestBody, isPaused);
  }

  get name(): Bytes {
    return utf8("request");
  }

  get tooLargeStatus(): i32 {
    return 413;
  }

  get headers(): HttpFields {
    return new RequestHeaders();
  }

  get trailers(): HttpFields {
    return new RequestTrailers();
  }

  onBody(endOfStream: bool): Action {
    return this.stream.onRequestBody(this.body, endOfStream);
  }

  onWholeBody(): Action {
    return this.stream.onWholeRequestBody(this.body);
  }

  onTrailers(): Action {
    return this.stream.onRequestTrailers(new RequestTrailers());
  }
}

/** The response's way through a filter. */
export class ResponseFlow extends MessageFlow {
  constructor(stream: HttpStream, isPaused: bool) {
    super(stream, StreamType.HttpResponse, Callback.ResponseHeaders, BufferType.HttpResponseBody, isPaused);
  }

  get name(): Bytes {
    return utf8("response");
  }

  get tooLargeStatus(): i32 {
    return 502;
  }

  get headers(): HttpFields {
    return new ResponseHeaders();
  }

  get trailers(): HttpFields {
    return new ResponseTrailers();
  }

  onBody(endOfStream: bool): Action {
    return this.stream.onResponseBody(this.body, endOfStream);
  }

  onWholeBody(): Action {
    return this.stream.onWholeResponseBody(this.body);
  }

  onTrailers(): Action {
    return this.stream.onResponseTrailers(new ResponseTrailers());
  }
}
