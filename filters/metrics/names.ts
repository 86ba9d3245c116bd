/** What the names of all metrics may begin with: `http`, `ingress.http`. */
export function isStatPrefix(text: string): bool {
  return text.charCodeAt(text.length - 1) != 0x2e && isName(text, true);
}

/** Whether Prometheus takes this as a label. */
export function isLabelName(text: string): bool {
  return isName(text, false);
}

/** 1 to 64 letters, digits and `_`, with points behind the first or without. */
function isName(text: string, mayHavePoints: bool): bool {
  for (let i = 0; i < text.length; i++) {
    const isPoint = mayHavePoints && i > 0 && text.charCodeAt(i) == 0x2e;
    if (!isPoint && !isWordAt(text, i)) return false;
  }
  return text.length > 0 && text.length <= 64;
}

/** A letter, `_`, or a digit that is not the first. */
function isWordAt(text: string, index: i32): bool {
  const code = text.charCodeAt(index);
  const lower = code | 0x20;
  if (code == 0x5f || (lower >= 0x61 && lower <= 0x7a)) return true;
  return index > 0 && code >= 0x30 && code <= 0x39;
}
