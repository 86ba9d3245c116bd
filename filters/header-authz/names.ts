import { Bytes } from "as-proxy-wasm";

/** Whether this may be part of a stat and of a reason code: 1 to 64 of a to z, 0 to 9 and `_`. */
export function isRuleName(name: string): bool {
  for (let i = 0; i < name.length; i++) {
    const code = name.charCodeAt(i);
    const isLetter = code >= 0x61 && code <= 0x7a;
    const isDigit = code >= 0x30 && code <= 0x39;
    if (!isLetter && !isDigit && code != 0x5f) return false;
  }
  return name.length > 0 && name.length <= 64;
}

/** Whether these bytes hold a control character, which no header for the upstream may have. */
export function hasControl(text: Bytes): bool {
  for (let i = 0; i < text.length; i++) if (text[i] < 0x20 || text[i] == 0x7f) return true;
  return false;
}
