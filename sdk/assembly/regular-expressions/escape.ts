import { Pattern } from "./pattern";

/**
 * The byte that an escape stands for, whose backslash was read; refused, and 0, when it stands for none. `\d` and its like
 * are not among them.
 */
export function readEscape(pattern: Pattern): u32 {
  const at = pattern.at - 1;
  const isLast = pattern.isAtEnd;
  const letter = pattern.take();
  if (isPunctuation(letter)) return letter;
  const byte = letter == 0x78 ? pattern.takeHex() : controlByte(letter);
  if (byte < 0) pattern.refuse(isLast ? "a lone \\" : refusal(letter), at);
  return max(byte, 0);
}

function isPunctuation(byte: u32): bool {
  return byte > 0x20 && byte < 0x7f && byte - 0x30 >= 10 && (byte | 0x20) - 0x61 >= 26;
}

function controlByte(letter: u32): i32 {
  if (letter == 0x6e) return 0x0a;
  if (letter == 0x74) return 0x09;
  if (letter == 0x72) return 0x0d;
  if (letter == 0x66) return 0x0c;
  return letter == 0x76 ? 0x0b : -1;
}

function refusal(letter: u32): string {
  if (letter == 0x78) return "\\x without two hexadecimal digits";
  if (letter - 0x31 < 9 || letter == 0x6b) return "a back reference, which takes more than linear time,";
  if (letter < 0x20 || letter > 0x7e) return "an unknown escape";
  return "an unknown escape \\" + String.fromCharCode(letter);
}
