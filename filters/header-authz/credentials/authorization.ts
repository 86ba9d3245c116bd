import { Bytes } from "as-proxy-wasm";

/**
 * What stands behind a prefix, blanks left out; null when the value does not begin with it. Case does not count, as in
 * authentication schemes. Source: RFC 9110, 11.1.
 */
export function afterPrefix(value: Bytes, prefix: Bytes): Bytes | null {
  if (!value.slice(0, prefix.length).equalsIgnoreCase(prefix)) return null;
  return value.slice(prefix.length).trim();
}
