/** A JSON text as the SDK takes it: RFC 8259, UTF-8, an object, no key twice, at most 32 deep. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

const deepest = 32;
const token = /"(?:[^"\\]|\\.)*"|[{}[\]:,]|[^\s{}[\]:,"]+/g;

/** What a text of bytes, one character each, stands for; null when it is refused. */
export function acceptedJson(bytes: string): JsonObject | null {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(
      Buffer.from(bytes, "latin1"),
    );
    if (/^[ \t\r\n]*$/.test(text)) return {};
    const value = JSON.parse(text) as Json;
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject && !isBeyondTheSdk(text) ? (value as JsonObject) : null;
  } catch {
    return null;
  }
}

/** Whether a sound text nests too deep, has a key twice, or half of a surrogate pair. */
function isBeyondTheSdk(text: string): boolean {
  const keys: Set<string>[] = [];
  const tokens = text.match(token) ?? [];
  for (const [i, each] of tokens.entries()) {
    if (each === "{" || each === "[") keys.push(new Set());
    if (each === "}" || each === "]") keys.pop();
    if (keys.length > deepest) return true;
    if (!each.startsWith('"')) continue;
    const string = JSON.parse(each) as string;
    if (!string.isWellFormed()) return true;
    if (tokens[i + 1] !== ":") continue;
    if (keys.at(-1)?.has(string) === true) return true;
    keys.at(-1)?.add(string);
  }
  return false;
}

/** What the guest writes of a value: strings in hexadecimal, behind an x that no number begins with. */
export function writtenJson(value: Json): string {
  if (typeof value === "string") return `"x${Buffer.from(value).toString("hex")}"`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(writtenJson).join(",")}]`;
  const members = Object.entries(value as JsonObject);
  return `{${members.map(([key, each]) => `${writtenJson(key)}:${writtenJson(each)}`).join(",")}}`;
}
