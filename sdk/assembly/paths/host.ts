import { Address, isPort } from "../addresses/address";
import { groupsText } from "../addresses/text";
import { Bytes, utf8 } from "../bytes";

/**
 * A host as the pseudo-header `:authority` has it, made comparable: in lower case, without port and one trailing dot. An
 * IPv6 address keeps its brackets and has one spelling, `[::1]` for `[0:0::01]`; an IPv4-mapped one is written by its
 * groups, `[::ffff:a00:1]`, and is another host than `10.0.0.1`. Null in doubt: nothing is left, a label is empty, the port is
 * no number, what stands in brackets is no IPv6 address or has a zone, or there is a byte that no host name has, as in
 * `user@host`. Source: RFC 3986, 3.2.2; RFC 5952, 4; the URL Standard, "host serializing".
 *
 * @category Conditions
 */
export function canonicalHost(authority: Bytes): Bytes | null {
  const end = hostEnd(authority);
  if (end < authority.length && !isColonAndPort(authority.slice(end))) return null;
  const host = authority.slice(0, end);
  if (host[0] == 0x5b) return canonicalLiteral(host);
  const name = host[end - 1] == 0x2e ? host.slice(0, end - 1) : host;
  return isName(name) ? inLowerCase(name) : null;
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

/** `[`, an address of IPv6, `]`; null when it is anything else. */
function canonicalLiteral(host: Bytes): Bytes | null {
  if (host[host.length - 1] != 0x5d || host.indexOf(utf8(":")) < 0) return null;
  const address = Address.parse(host.slice(1, host.length - 1));
  return address === null ? null : utf8("[").concat(groupsText(address)).concat(utf8("]"));
}

function inLowerCase(name: Bytes): Bytes {
  const lower = Bytes.fromBuffer(new ArrayBuffer(name.length));
  for (let i = 0; i < name.length; i++) {
    const byte: u32 = name[i];
    store<u8>(lower.start + i, byte - 0x41 < 26 ? byte | 0x20 : byte);
  }
  return lower;
}
