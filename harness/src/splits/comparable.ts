import { HeaderList } from "../header-list.ts";
import { Stats } from "../stats.ts";

/** What proxies make anew for each request. */
const volatile: ReadonlySet<string> = new Set(["date", "x-envoy-upstream-service-time", "x-request-id"]);

/**
 * What there is to compare of a result: bytes as text, or as hexadecimal digits; headers as pairs, without those that differ
 * from request to request; stats as what has changed; of dates and their like what they are in JSON; of other objects what is
 * not a function.
 */
export function comparable(value: unknown, above: readonly object[] = []): unknown {
  if (typeof value !== "object" || value === null) return typeof value === "function" ? undefined : value;
  if (above.includes(value)) return "[circular]";
  const within = (member: unknown): unknown => comparable(member, [...above, value]);
  const bytes = bytesIn(value);
  if (bytes !== null) return textOf(bytes);
  if (value instanceof HeaderList) return fieldsOf(value);
  if (value instanceof Stats) return statsOf(value);
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  if (value instanceof Map || value instanceof Set || Array.isArray(value))
    return [...(value as Iterable<unknown>)].map(within);
  if ("toJSON" in value && typeof value.toJSON === "function") return within(value.toJSON());
  const members = Object.entries(value).filter(([, member]) => typeof member !== "function");
  return Object.fromEntries(members.map(([name, member]) => [name, within(member)]));
}

function bytesIn(value: object): Uint8Array | null {
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  return value instanceof ArrayBuffer ? new Uint8Array(value) : null;
}

function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return `bytes ${Buffer.from(bytes).toString("hex")}`;
  }
}

function fieldsOf(list: HeaderList): string[][] {
  return [...list].filter(([name]) => !volatile.has(name)).map(([name, value]) => [name, textOf(value)]);
}

function statsOf(stats: Stats): unknown {
  const histograms = stats.histogramNames().map((name) => [name, stats.histogram(name)] as const);
  return { ...stats.changed(), ...Object.fromEntries(histograms) };
}

/** Where two of them differ, and what each has there. */
export interface Difference {
  /** `the result.upstream[0].body`. */
  readonly where: string;
  readonly values: readonly [one: unknown, other: unknown];
}

/** Where two of them differ first; null when they are equal. */
export function differenceOf(one: unknown, other: unknown, where = "the result"): Difference | null {
  if (Object.is(one, other)) return null;
  const here = { where, values: [one, other] } as const;
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null) return here;
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  for (const name of names) {
    const step = Array.isArray(one) ? `${where}[${name}]` : `${where}.${name}`;
    const found = differenceOf(memberOf(one, name), memberOf(other, name), step);
    if (found !== null) return found;
  }
  return Array.isArray(one) === Array.isArray(other) ? null : here;
}

function memberOf(value: object, name: string): unknown {
  return (value as Readonly<Record<string, unknown>>)[name];
}
