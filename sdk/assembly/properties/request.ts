/**
 * The request, as it came. What is read from its headers is null between `onRequestHeaders`, once it continues, and
 * `onLog`. A getter `…Or` answers its argument where the property is absent; the others answer null. Source: Envoy,
 * "Attributes".
 *
 * @module
 */
import { Bytes } from "../bytes";
import { getProperty } from "../properties";
import { integerAt } from "./values";

/** The path with its query. */
export function path(): Bytes | null {
  return getProperty(Bytes.fromString("request\0path"));
}

/** The path without its query. */
export function urlPath(): Bytes | null {
  return getProperty(Bytes.fromString("request\0url_path"));
}

/** The query without `?`; no bytes when there is none. */
export function query(): Bytes | null {
  return getProperty(Bytes.fromString("request\0query"));
}

/** The authority. */
export function host(): Bytes | null {
  return getProperty(Bytes.fromString("request\0host"));
}

/** `http` or `https`. */
export function scheme(): Bytes | null {
  return getProperty(Bytes.fromString("request\0scheme"));
}

/** The method. */
export function method(): Bytes | null {
  return getProperty(Bytes.fromString("request\0method"));
}

/** The header `referer`. */
export function referer(): Bytes | null {
  return getProperty(Bytes.fromString("request\0referer"));
}

/** The header `user-agent`. */
export function userAgent(): Bytes | null {
  return getProperty(Bytes.fromString("request\0useragent"));
}

/** The header `x-request-id`. */
export function id(): Bytes | null {
  return getProperty(Bytes.fromString("request\0id"));
}

/** `HTTP/1.1`, `HTTP/2` and so on. */
export function protocol(): Bytes | null {
  return getProperty(Bytes.fromString("request\0protocol"));
}

/** When the first byte came, in nanoseconds since the epoch. */
export function timeNanosOr(absent: i64): i64 {
  return integerAt(Bytes.fromString("request\0time"), absent);
}

/** How long the stream took, in nanoseconds; only in `onLog`. */
export function durationNanosOr(absent: i64): i64 {
  return integerAt(Bytes.fromString("request\0duration"), absent);
}

/** The size of the body: what `content-length` says, else what has come so far. */
export function sizeOr(absent: i64): i64 {
  return integerAt(Bytes.fromString("request\0size"), absent);
}

/** The size of headers and body so far. */
export function totalSizeOr(absent: i64): i64 {
  return integerAt(Bytes.fromString("request\0total_size"), absent);
}

/** The values of a header, joined by commas. Null as what else is read from the headers. */
export function header(name: Bytes): Bytes | null {
  return getProperty(Bytes.fromString("request\0headers\0").concat(name));
}
