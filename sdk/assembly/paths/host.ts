import { isPort } from "../addresses/address";
import { Bytes } from "../bytes";

/**
 * A host as the pseudo-header `:authority` has it, made comparable: in lower case, without port and one trailing dot;
 * an IPv6 address keeps its brackets and its spelling, `[::1]` and `[0::1]` are two. Null in doubt: nothing is left, a label is empty, the port is no number, or
 * there is a byte that no host name has, as in `user@host`. Source: RFC 3986, 3.2.2.
 *
 * @category Conditions
 */
export function canonicalHost(authority: Bytes): Bytes | null {
  const end = hostEnd(authority);
  if (end < authority.length && !isColonAndPort(authority.slice(end))) return null;
  const host = authority.slice(0, end);
  const isLiteral = host[0] == 0x5b;
  const name = !isLiteral && host[end - 1] == 0x2e ? host.slice(0, end - 1) : host;
  if (isLiteral ? !isAddress(name) : !isName(name)) return null;
  return inLowerCase(name);
}

/** Where the host ends and its port may begin. */
function hostEnd(authority: Bytes): i32 {
  const closing: u8 = authority[0] == 0x5b ? 0x5d : 0x3a;
  let at = 0;
  while (at < authority.length && authority[at] != closing) at++;
  return min(closing == 0x5d ? at + 1 : at, authority.length);
}

/** Whether this is a colon and at most five digits; there may be none. */
function isColonAndPort(text: Bytes): bool {
  return text[0] == 0x3a && (text.length == 1 || isPort(text.slice(1)));
}

function isName(name: Bytes): bool {
  let last: u32 = 0x2e;
  for (let i = 0; i < name.length; i++) {
    const byte: u32 = name[i];
    if (byte == 0x2e ? last == 0x2e : !isNameByte(byte)) return false;
    last = byte;
  }
  return last != 0x2e;
}

function isNameByte(byte: u32): bool {
  return (byte | 0x20) - 0x61 < 26 || byte - 0x30 < 10 || byte == 0x2d || byte == 0x5f;
}

/** Whether this is `[`, then what an IPv6 address is written with, then `]`. */
function isAddress(text: Bytes): bool {
  if (text.length < 4 || text[text.length - 1] != 0x5d) return false;
  for (let i = 1; i < text.length - 1; i++) {
    const byte: u32 = text[i];
    if ((byte | 0x20) - 0x61 >= 6 && byte - 0x30 >= 11 && byte != 0x2e) return false;
  }
  return true;
}

function inLowerCase(name: Bytes): Bytes {
  let isLower = true;
  for (let i = 0; i < name.length; i++) if (<u32>name[i] - 0x41 < 26) isLower = false;
  if (isLower) return name;
  const block = new ArrayBuffer(name.length);
  for (let i = 0; i < name.length; i++) {
    const byte: u32 = name[i];
    store<u8>(changetype<usize>(block) + i, byte - 0x41 < 26 ? byte | 0x20 : byte);
  }
  return Bytes.fromBuffer(block);
}
