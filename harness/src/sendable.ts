import { HarnessError } from "./errors.ts";
import type { HeaderList } from "./header-list.ts";
import type { OutgoingRequest } from "./message.ts";
import { octetsOf, textOf } from "./octets.ts";

/** Of a field's name: a token (RFC 9110, section 5.6.2). */
const inNames = octetsLike(/[!#$%&'*+.^_`|~0-9A-Za-z-]/);
/** Of a field's value: no control character but the tab (RFC 9110, section 5.5). */
const inValues = octetsLike(/\P{Cc}|[\t\x80-\x9f]/u);

/** Whether HTTP can carry a name, in octets. */
export function isFieldName(name: string, from = 0): boolean {
  return name.length > from && areAll(inNames, name, from);
}

/** Whether HTTP can carry a value, in octets. */
export function isFieldValue(value: string): boolean {
  return areAll(inValues, value, 0);
}

/** For each octet 1 when it is like that: to look there is quicker than a regular expression is. */
function octetsLike(pattern: RegExp): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, octet) => Number(pattern.test(String.fromCharCode(octet))));
}

function areAll(wanted: Uint8Array, octets: string, from: number): boolean {
  for (let i = from; i < octets.length; i++) if (wanted[octets.charCodeAt(i)] !== 1) return false;
  return true;
}

/** What would end the path, in its octets. */
const endsPath = /[\x00-\x20]/;

/** Refused with `invalid_input` when HTTP/1.1 cannot carry the request's path, or one of its fields. */
export function refuseUnsendable({ method, path, authority, headers, trailers }: OutgoingRequest): void {
  if (endsPath.test(path)) throw unsendablePath(method, path);
  if (!isFieldValue(octetsOf(authority))) throw unsendable("host", authority);
  refuseFields(headers);
  refuseFields(trailers);
}

function refuseFields({ inTurn }: HeaderList): void {
  for (let i = 0; i < inTurn.length; i += 2) {
    const [name = "", value = ""] = [inTurn[i], inTurn[i + 1]];
    if (!isFieldName(name) || !isFieldValue(value)) throw unsendable(textOf(name), value);
  }
}

function unsendablePath(method: string, path: string): HarnessError {
  return new HarnessError(
    "invalid_input",
    `${method} ${JSON.stringify(path)} cannot be sent over HTTP/1.1: a path has no space, CR, LF or other control character; ` +
      "escape it, as %20",
  );
}

function unsendable(name: string, value: string): HarnessError {
  return new HarnessError(
    "invalid_input",
    `header ${JSON.stringify(name)}: ${JSON.stringify(value)} cannot be sent over HTTP/1.1; ` +
      "a name is a token, and a value has no NUL, CR, LF or other control character",
  );
}
