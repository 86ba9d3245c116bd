import { BufferType, HeaderMapType } from "../abi/types";
import { readBuffer } from "../buffers";
import { Bytes, utf8 } from "../bytes";
import { HttpFields } from "../http-fields";
import { wholeNumber } from "../bytes/numbers";

/**
 * How a callout ended.
 *
 * @category HTTP callouts
 */
export enum HttpCallOutcome {
  /** The service answered, with whatever status. */
  Answered,
  /** Nobody took the request: Envoy could not connect, or the connection ended before an answer began. */
  Refused,
  /** The answer did not come in time. */
  TimedOut,
  /** The answer began, and broke off. */
  Reset,
  /** The host did not send it: there is no such cluster, or it has too many requests; one log line says its status. */
  NotSent,
}

/** What Envoy gives its own answer in a service's place: status, content-length and content-type. */
const LOCAL_FIELDS = 3;

/**
 * The end of a callout: an answer, or why there is none. Valid during the callback that was given it. That a 503 or
 * 504 comes from Envoy and not from the service is seen by its three headers and its text. Source: proxy-wasm ABI
 * 0.2.1, `proxy_on_http_call_response`.
 *
 * @category HTTP callouts
 */
export class HttpCallResult {
  private constructor(
    /** How it ended. */
    readonly outcome: HttpCallOutcome,
    /** The answer's status; 0 when there is none. */
    readonly status: i32,
    private readonly bodyLength: i32,
  ) {}

  /** For the SDK: the host refused to send the call. @internal */
  static notSent(): HttpCallResult {
    return new HttpCallResult(HttpCallOutcome.NotSent, 0, 0);
  }

  /** For the SDK: reads what the host has. @internal */
  static of(headerCount: i32, bodyLength: i32): HttpCallResult {
    if (headerCount <= 0) return new HttpCallResult(HttpCallOutcome.Reset, 0, 0);
    const headers = new HttpFields(HeaderMapType.HttpCallResponseHeaders);
    const value = headers.get(utf8(":status"));
    const status = value === null ? 0 : <i32>wholeNumber(value);
    const outcome = isLocal(headers) ? outcomeOf(status, bodyLength) : HttpCallOutcome.Answered;
    const isAnswered = outcome == HttpCallOutcome.Answered;
    return new HttpCallResult(outcome, isAnswered ? status : 0, isAnswered ? bodyLength : 0);
  }

  /** Whether the service answered. */
  get isAnswered(): bool {
    return this.outcome == HttpCallOutcome.Answered;
  }

  /** The answer's headers, to read; without an answer those that Envoy has in its place, if any. */
  get headers(): HttpFields {
    return new HttpFields(HeaderMapType.HttpCallResponseHeaders);
  }

  /** The answer's trailers, to read; none when it had none. */
  get trailers(): HttpFields {
    return new HttpFields(HeaderMapType.HttpCallResponseTrailers);
  }

  /** How many bytes the answer's body has; 0 when there is no answer. */
  get bodySize(): i32 {
    return this.bodyLength;
  }

  /** `length` bytes of the answer's body from `start` on, in a copy, without what lies outside; it may be kept. */
  readBody(start: i32 = 0, length: i32 = i32.MAX_VALUE): Bytes {
    const from = min(max(start, 0), this.bodyLength);
    return readBuffer(BufferType.HttpCallResponseBody, from, min(length, this.bodyLength - from));
  }
}

/** Whether Envoy may have made these headers itself, for want of an answer. */
function isLocal(headers: HttpFields): bool {
  const type = headers.get(utf8("content-type"));
  return headers.size == LOCAL_FIELDS && type !== null && type.equals(utf8("text/plain"));
}

function outcomeOf(status: i32, bodyLength: i32): HttpCallOutcome {
  if (status != 503 && status != 504) return HttpCallOutcome.Answered;
  const text = readBuffer(BufferType.HttpCallResponseBody, 0, bodyLength);
  if (status == 504 && text.equals(utf8("upstream request timeout"))) return HttpCallOutcome.TimedOut;
  const isRefused =
    text.startsWith(utf8("upstream connect error")) || text.equals(utf8("no healthy upstream"));
  return status == 503 && isRefused ? HttpCallOutcome.Refused : HttpCallOutcome.Answered;
}
