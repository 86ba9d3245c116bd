import type { DescField, DescMessage } from "@bufbuild/protobuf";
import { nearest } from "../../nearest.ts";
import { envoyApi, knownApiVersions } from "../../envoy-api/descriptors.ts";
import type { Spot } from "../finding.ts";
import type { Reading } from "./reader.ts";

const byName = new WeakMap<DescMessage, ReadonlyMap<string, DescField>>();

/** The field of a key, which protobuf's JSON lets be spelled `stat_prefix` or `statPrefix`; null when there is none. */
export function fieldOf(desc: DescMessage, key: string): DescField | null {
  const fields = byName.get(desc) ?? namesOf(desc);
  byName.set(desc, fields);
  return fields.get(key) ?? null;
}

function namesOf(desc: DescMessage): ReadonlyMap<string, DescField> {
  return new Map(
    desc.fields.flatMap((field) => [[field.jsonName, field] as const, [field.name, field] as const]),
  );
}

interface UnknownKey {
  readonly key: string;
  readonly spot: Spot;
}

/** Says which field was probably meant, or which version of Envoy has this one. */
export function reportUnknownField(reading: Reading, desc: DescMessage, { key, spot }: UnknownKey): void {
  const versions = versionsWith(desc.typeName, key);
  if (versions.length > 0) {
    reading.report(
      "not-in-version",
      spot,
      `${desc.name} has no field ${key} in Envoy ${reading.version}: ${since(versions)}`,
    );
    return;
  }
  const close = nearestField(desc, key);
  const holder = close === null ? holderOf(desc, key) : null;
  const hint = close === null ? (holder ?? `its fields are ${listed(desc)}`) : `did you mean ${close}?`;
  reading.report("unknown-field", spot, `${desc.name} has no field ${key}`, hint);
}

function nearestField({ fields }: DescMessage, key: string): string | null {
  const isCamel = /[A-Z]/.test(key) && !key.includes("_");
  return nearest(
    key,
    fields.map((field) => (isCamel ? field.jsonName : field.name)),
  );
}

/** A field that stands one level deeper, which is where it was forgotten to be put. */
function holderOf({ fields }: DescMessage, key: string): string | null {
  const holder = fields.find(({ message }) => message !== undefined && fieldOf(message, key) !== null);
  return holder === undefined ? null : `${key} is a field of ${holder.name}: put it there`;
}

function listed({ fields }: DescMessage): string {
  const names = fields.map(({ name }) => name);
  return names.length <= 12 ? names.join(", ") || "none" : `${names.slice(0, 12).join(", ")}, …`;
}

function versionsWith(typeName: string, key: string): string[] {
  return knownApiVersions().filter((version) => {
    const desc = envoyApi(version).getMessage(typeName);
    return desc !== undefined && fieldOf(desc, key) !== null;
  });
}

/** `it is there since 1.39`, `it was there until 1.37` */
export function since(versions: readonly string[]): string {
  const known = knownApiVersions();
  const [first] = versions;
  const last = versions.at(-1);
  return last === known.at(-1) ? `it is there since ${first ?? ""}` : `it was there until ${last ?? ""}`;
}
