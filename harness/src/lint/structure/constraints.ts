import { getOption, hasOption, type DescField, type DescOneof } from "@bufbuild/protobuf";
import { required, rules as rulesOption, type FieldRules } from "../../../api/validate/validate_pb.js";
import { counted } from "../../counted.ts";
import type { Report } from "../finding.ts";
import { lastOf, pathTo } from "../source/value.ts";
import type { Leaf, Message, SetField } from "./message.ts";
import { brokenRules, type ValueRules } from "./value-rules.ts";

/** Holds a message against the rules of protoc-gen-validate that stand in Envoy's API, and that Envoy enforces. */
export function checkConstraints(report: Report, message: Message): void {
  for (const field of message.desc.fields) {
    const rules = rulesOf(field);
    if (rules !== null) checkField(report, message, { field, rules });
  }
  for (const oneof of message.desc.oneofs) checkOneof(report, message, oneof);
}

const cache = new WeakMap<DescField, FieldRules | null>();

function rulesOf(field: DescField): FieldRules | null {
  const known = cache.get(field);
  if (known !== undefined) return known;
  const rules = hasOption(field, rulesOption) ? getOption(field, rulesOption) : null;
  cache.set(field, rules);
  return rules;
}

function checkOneof(report: Report, message: Message, oneof: DescOneof): void {
  if (!hasOption(oneof, required) || message.hasUnknownKey) return;
  if (oneof.fields.some(({ name }) => message.has(name))) return;
  const names = oneof.fields.map(({ name }) => name).join(", ");
  report("constraint", message.spot, `${nameOf(message)} needs one of ${names}`);
}

function nameOf({ spot, desc }: Message): string {
  const last = lastOf(spot.path);
  return /^\w/.test(last) ? last : desc.name;
}

interface RuledField {
  readonly field: DescField;
  readonly rules: FieldRules;
}

function checkField(report: Report, message: Message, ruled: RuledField): void {
  const set = message.fields.get(ruled.field.name);
  if (set === undefined) checkAbsent(report, message, ruled);
  else checkPresent(report, ruled, set);
}

/** What a rule says of a field that is not set: a plain scalar then has its zero value, which the rule sees too. */
function checkAbsent(report: Report, message: Message, { field, rules }: RuledField): void {
  if (message.hasUnknownKey || field.oneof !== undefined) return;
  const spot = { path: pathTo(message.spot.path, field.name), place: message.spot.place };
  const isNeeded = isRequired(rules) || needsElements(rules) || brokenByZero(field, rules);
  if (isNeeded) report("constraint", spot, `${nameOf(message)} needs ${field.name}`);
}

function isRequired({ message, type }: FieldRules): boolean {
  if (own(message, "required") === true) return true;
  return (
    (type.case === "any" || type.case === "duration" || type.case === "timestamp") &&
    own(type.value, "required") === true
  );
}

function needsElements({ type }: FieldRules): boolean {
  if (type.case === "repeated") return Number(own(type.value, "minItems") ?? 0) > 0;
  return type.case === "map" && Number(own(type.value, "minPairs") ?? 0) > 0;
}

function brokenByZero(field: DescField, { type }: FieldRules): boolean {
  if (field.fieldKind === "enum") return type.case === "enum" && type.value.notIn.includes(0);
  if (field.fieldKind !== "scalar" || field.proto.proto3Optional) return false;
  const zero = field.scalar === 9 || field.scalar === 12 ? "" : field.scalar === 8 ? false : 0;
  return type.case !== undefined && brokenRules(type.case, type.value as ValueRules, zero).length > 0;
}

function checkPresent(report: Report, { field, rules }: RuledField, set: SetField): void {
  const { type } = rules;
  if (type.case === "repeated") checkList(report, field, type.value, set);
  else if (type.case === "map") checkMap(report, field, type.value, set);
  else for (const node of set.nodes) if (node.kind === "leaf") checkValue(report, rules, node);
}

interface ListRules {
  readonly minItems: bigint;
  readonly maxItems: bigint;
  readonly unique: boolean;
  readonly items?: FieldRules | undefined;
}

function checkList(report: Report, { name }: DescField, rules: ListRules, set: SetField): void {
  const least = Number(own(rules, "minItems") ?? 0);
  const most = Number(own(rules, "maxItems") ?? Infinity);
  if (set.count < least) report("constraint", set.spot, `${name} needs at least ${counted(least, "item")}`);
  if (set.count > most)
    report("constraint", set.spot, `${name} takes at most ${counted(most, "item")}, and has ${set.count}`);
  const leaves = set.nodes.filter((node) => node.kind === "leaf");
  if (own(rules, "unique") === true) checkUnique(report, name, leaves);
  const { items } = rules;
  if (items !== undefined) for (const leaf of leaves) checkValue(report, items, leaf);
}

function checkUnique(report: Report, name: string, leaves: readonly Leaf[]): void {
  leaves.forEach(({ value, spot }, i) => {
    if (leaves.findIndex((other) => other.value === value) < i)
      report("constraint", spot, `${name} takes each value once, and ${JSON.stringify(value)} is here twice`);
  });
}

interface MapRules {
  readonly minPairs: bigint;
  readonly keys?: FieldRules | undefined;
  readonly values?: FieldRules | undefined;
}

function checkMap(report: Report, { name }: DescField, rules: MapRules, set: SetField): void {
  const least = Number(own(rules, "minPairs") ?? 0);
  if (set.count < least) report("constraint", set.spot, `${name} needs at least ${counted(least, "entry")}`);
  for (const node of set.nodes) {
    if (rules.keys !== undefined)
      checkValue(report, rules.keys, { kind: "leaf", value: node.key, key: null, spot: node.spot });
    if (rules.values !== undefined && node.kind === "leaf") checkValue(report, rules.values, node);
  }
}

function checkValue(report: Report, { type }: FieldRules, { value, spot }: Leaf): void {
  if (type.case === undefined || value === null) return;
  const name = lastOf(spot.path);
  for (const broken of brokenRules(type.case, type.value as ValueRules, value))
    report("constraint", spot, `${name} ${broken}`);
}

/** A field of a proto2 message, undefined when it is not set: its default stands on the prototype. */
function own<T extends object, K extends keyof T>(message: T | undefined, key: K): T[K] | undefined {
  return message !== undefined && Object.hasOwn(message, key) ? message[key] : undefined;
}
