import type { Value } from "./value.ts";

/** What `toJson` of a message gives, or a caller wrote as an object, as a value without positions. */
export function fromJson(json: unknown): Value {
  if (Array.isArray(json)) return { kind: "list", items: json.map(fromJson), place: null };
  if (json instanceof Uint8Array) return scalar(Buffer.from(json).toString("base64"));
  if (typeof json === "object" && json !== null) {
    const entries = Object.entries(json)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => ({ key, keyPlace: null, value: fromJson(value) }));
    return { kind: "map", entries, place: null };
  }
  if (typeof json === "boolean" || typeof json === "number") return scalar(json);
  return scalar(json === null || json === undefined ? null : String(json));
}

function scalar(value: string | number | boolean | null): Value {
  return { kind: "scalar", value, text: String(value ?? ""), place: null };
}
