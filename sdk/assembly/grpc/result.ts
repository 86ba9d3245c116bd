import { proxy_get_status } from "../abi/imports";
import { lengthSlot, resultBytes, resultSlot, versionSlot } from "../abi/memory";
import { Bytes, utf8 } from "../bytes";
import { succeeded } from "../host-calls";

/**
 * How a call or a stream ended.
 *
 * @category gRPC
 */
export enum GrpcOutcome {
  /** The service ended it, with whatever status. */
  Answered,
  /** Nobody took it: Envoy could not connect, or the connection ended before an answer began. */
  Unreachable,
  /** The answer did not come in time; or the service itself says so, by status 4. */
  TimedOut,
  /** The answer began, and broke off. */
  Reset,
  /** The host did not send it: there is no such cluster, or it has too many requests; one log line says its status. */
  NotSent,
}

// Status codes of gRPC.
const OK = 0;
const DEADLINE_EXCEEDED = 4;
const INTERNAL = 13;
const UNAVAILABLE = 14;

/**
 * The end of a call or a stream; it may be kept. Source: proxy-wasm ABI 0.2.1, `proxy_get_status`; gRPC, "Status codes
 * and their use in gRPC".
 *
 * @category gRPC
 */
export class GrpcResult {
  private constructor(
    /** How it ended. */
    readonly outcome: GrpcOutcome,
    /**
     * The status code, 0 to 16. Where the service did not end it, what Envoy has in its place: 14 without an answer,
     * one that is late among them, and 13 for one that broke off; 14 for what was not sent.
     */
    readonly status: i32,
    /** What the status says in words, in UTF-8: the service's own, or Envoy's where it has none; no bytes without any. */
    readonly statusMessage: Bytes,
    /** The answer of a call; no bytes for an error, and for a stream. */
    readonly message: Bytes,
  ) {}

  /** For the SDK: the host refused to send it. @internal */
  static notSent(): GrpcResult {
    return new GrpcResult(GrpcOutcome.NotSent, UNAVAILABLE, Bytes.EMPTY, Bytes.EMPTY);
  }

  /** For the SDK: the answer of a call. @internal */
  static answered(message: Bytes): GrpcResult {
    return new GrpcResult(GrpcOutcome.Answered, OK, Bytes.EMPTY, message);
  }

  /** For the SDK: reads what the host has while it tells the end. @internal */
  static closed(status: i32): GrpcResult {
    const text = statusText();
    const isOwn = endsIn(text, utf8("via_upstream"));
    const message = isOwn ? percentDecoded(withoutEnd(text, utf8("via_upstream"))) : text;
    return new GrpcResult(outcomeOf(status, isOwn, text), status, message, Bytes.EMPTY);
  }

  /** Whether the service ended it, and well. */
  get isOk(): bool {
    return this.outcome == GrpcOutcome.Answered && this.status == OK;
  }
}

/** The host's text for the status; it is that of the call that ended only while its end is told. */
function statusText(): Bytes {
  const status = proxy_get_status(versionSlot(), resultSlot(), lengthSlot());
  return succeeded(utf8("proxy_get_status"), status) ? resultBytes() : Bytes.EMPTY;
}

/** Envoy has status 14 for an answer that is late, too, and says behind its text who has spoken. */
function outcomeOf(status: i32, isOwn: bool, text: Bytes): GrpcOutcome {
  if (status == DEADLINE_EXCEEDED || endsIn(text, utf8("response_timeout"))) return GrpcOutcome.TimedOut;
  if (isOwn) return GrpcOutcome.Answered;
  if (status == UNAVAILABLE) return GrpcOutcome.Unreachable;
  const isBroken = status == INTERNAL && text.startsWith(utf8("upstream_reset"));
  return isBroken ? GrpcOutcome.Reset : GrpcOutcome.Answered;
}

/** Whether a text consists of these details, or has them in braces behind it. */
function endsIn(text: Bytes, details: Bytes): bool {
  if (text.equals(details)) return true;
  const end = text.length - 1;
  return text[end] == 0x7d && text[end - details.length - 1] == 0x7b && text.slice(0, end).endsWith(details);
}

function withoutEnd(text: Bytes, details: Bytes): Bytes {
  return text.slice(0, text.length - details.length - 2);
}

/** Undoes what gRPC does to a status message: `%C3%BC` is two bytes. Source: gRPC over HTTP/2, "Status-Message". */
function percentDecoded(text: Bytes): Bytes {
  const block = new ArrayBuffer(text.length);
  let to = changetype<usize>(block);
  for (let i = 0; i < text.length; i++) {
    const high = text[i] == 0x25 ? hexDigit(text[i + 1]) : -1;
    const low = high < 0 ? -1 : hexDigit(text[i + 2]);
    store<u8>(to++, low < 0 ? text[i] : <u8>((high << 4) | low));
    if (low >= 0) i += 2;
  }
  return Bytes.fromBuffer(block).slice(0, <i32>(to - changetype<usize>(block)));
}

/** The value of a hexadecimal digit; -1 when the byte is none. */
function hexDigit(byte: u8): i32 {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}
