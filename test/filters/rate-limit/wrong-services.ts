import type { Json } from "./wrong-configurations.ts";

const descriptor = { entries: [{ key: "user", value: { header: "x-user" } }] };
const service = { cluster: "limits", domain: "shop", descriptors: [descriptor] };
const rule = { name: "r", key: [{ constant: "all" }], limit: { requests: 10, per: "second" } };
const asked = (changed: Json, ofRule: Json = {}): Json => ({
  rules: [{ name: "r", service: { ...service, ...changed }, ...ofRule }],
});
const described = (changed: Json): Json => asked({ descriptors: [{ ...descriptor, ...changed }] });
const withService = (options: Json): Json => ({ ...asked({}), ...options });

/** A configuration of a service that is wrong, and the line that says where and why. */
// A table: one line a case.
// prettier-ignore
export const wrongServices: Array<[what: string, configuration: Json, message: RegExp]> = [
  ["a limit and a service", { rules: [{ ...rule, service }] }, /rules\[0\] .*either limit or service/],
  ["a key of a service", asked({}, { key: rule.key }), /rules\[0\]\.key .*unknown/],
  ["a full table of a service", asked({}, { on_full: "deny" }), /rules\[0\]\.on_full .*unknown/],
  ["a service that is a text", { rules: [{ name: "r", service: "limits" }] }, /rules\[0\]\.service .*must be an object/],
  ["a service of no cluster", asked({ cluster: "" }), /rules\[0\]\.service\.cluster .*must not be empty/],
  ["a service of no domain", asked({ domain: "" }), /rules\[0\]\.service\.domain .*must not be empty/],
  ["a service without a domain", { rules: [{ name: "r", service: { cluster: "c", descriptors: [descriptor] } }] }, /rules\[0\]\.service\.domain .*is missing/],
  ["no descriptors", asked({ descriptors: [] }), /service\.descriptors .*must not be empty/],
  ["too many descriptors", asked({ descriptors: Array.from({ length: 17 }, () => descriptor) }), /service\.descriptors .*at most 16/],
  ["no entries", described({ entries: [] }), /descriptors\[0\]\.entries .*must not be empty/],
  ["too many entries", described({ entries: Array.from({ length: 9 }, () => descriptor.entries[0]) }), /descriptors\[0\]\.entries .*at most 8/],
  ["an entry without a name", described({ entries: [{ key: "", value: { path: true } }] }), /entries\[0\]\.key .*must not be empty/],
  ["an entry without a value", described({ entries: [{ key: "k" }] }), /entries\[0\]\.value .*is missing/],
  ["an entry of two parts", described({ entries: [{ key: "k", value: { path: true, method: true } }] }), /entries\[0\]\.value .*must have one of path/],
  ["a limit without a unit", described({ limit: { requests_per_unit: 1 } }), /limit\.unit .*is missing/],
  ["a limit of an unknown unit", described({ limit: { requests_per_unit: 1, unit: "fortnight" } }), /limit\.unit .*second, minute, hour, day, month, year/],
  ["a limit below 0", described({ limit: { requests_per_unit: -1, unit: "day" } }), /requests_per_unit .*from 0 to 4294967295/],
  ["a descriptor's weight below 0", described({ hits_addend: -1 }), /descriptors\[0\]\.hits_addend .*from 0 to 1000000000/],
  ["a weight of 0", asked({ hits_addend: 0 }), /service\.hits_addend .*from 1 to 1000000000/],
  ["no time at all", asked({ timeout_ms: 0 }), /service\.timeout_ms .*from 1 to 60000/],
  ["more than a minute", asked({ timeout_ms: 60_001 }), /service\.timeout_ms .*from 1 to 60000/],
  ["a mistyped key of a service", asked({ timeout_m: 1 }), /service\.timeout_m .*timeout_ms/],
  ["more refused keys than there may be", withService({ max_refused_keys: 65_537 }), /max_refused_keys .*from 0 to 65536/],
];
