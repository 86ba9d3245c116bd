/** A scalar without quotes, as Envoy's YAML reader (yaml-cpp) takes it, which differs from YAML 1.2. */
export function plainScalar(text: string): string | number | boolean | null {
  if (text === "" || text === "~" || /^(null|Null|NULL)$/.test(text)) return null;
  const truth = booleans.get(text);
  if (truth !== undefined) return truth;
  return integer(text) ?? float(text) ?? text;
}

/** Each in lower case, with a capital, and in capitals. */
const booleans: ReadonlyMap<string, boolean> = new Map(
  Object.entries({
    y: true,
    yes: true,
    true: true,
    on: true,
    n: false,
    no: false,
    false: false,
    off: false,
  }).flatMap(([word, value]) => spellings(word).map((spelling) => [spelling, value] as const)),
);

function spellings(word: string): string[] {
  return [word, word.toUpperCase(), `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`];
}

/** Whether a number is written with a leading zero, so that Envoy reads it as octal. */
export function isOctal(text: string): boolean {
  return /^[-+]?0[0-7]+$/.test(text);
}

function integer(text: string): number | null {
  if (/^0x[0-9a-fA-F]+$/.test(text)) return Number(text);
  if (isOctal(text)) return Number.parseInt(text, 8);
  return /^[-+]?(0|[1-9][0-9]*)$/.test(text) ? Number(text) : null;
}

function float(text: string): number | null {
  if (/^[-+]?\.(inf|Inf|INF)$/.test(text)) return text.startsWith("-") ? -Infinity : Infinity;
  if (/^\.(nan|NaN|NAN)$/.test(text)) return NaN;
  return /^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/.test(text) ? Number(text) : null;
}
