import { Bytes, Condition, Fraction, JsonArray, JsonObject, readCondition } from "as-proxy-wasm";
import { Key } from "../keys/key";
import { readKey } from "../keys/key-reader";
import { readLimit } from "../limits/limit-reader";
import { readService } from "../service/service-reader";
import { ServiceRule } from "../service/service-rule";
import { LimitRule } from "./limit-rule";
import { Override } from "./override";
import { OnMissing, RulePolicy, Verdict } from "./rule";
import { Rules } from "./rules";

const COUNTED_BY = ["limit", "service"];
const ON_MISSING = ["share", "skip", "deny"];
const VERDICTS = ["allow", "deny"];

const MOST_RULES = 64;
const LONGEST_NAME = 64;

/** Reads the rules, of which there must be one, each with a name of its own. */
export function readRules(json: JsonArray): Rules {
  if (json.length == 0) json.refuse("must not be empty");
  if (json.length > MOST_RULES) json.refuse("must have at most 64 elements");
  const rules = new Rules();
  for (let i = 0; i < min(json.length, MOST_RULES); i++) readRule(rules, json.object(i));
  return rules;
}

function readRule(rules: Rules, json: JsonObject): void {
  const name = readName(json);
  if (rules.has(name)) json.refuse("name", "must not be that of another rule");
  const condition: Condition | null = json.has("when") ? readCondition(json, "when") : null;
  if (json.oneKeyOf(COUNTED_BY) == 0) rules.limits.push(readLimitRule(json, name, condition));
  else rules.services.push(readServiceRule(json, name, condition));
}

function readLimitRule(json: JsonObject, name: Bytes, condition: Condition | null): LimitRule {
  const policy = readPolicy(json, json.oneOfOr("on_full", VERDICTS, Verdict.Allow));
  const key = readKey(json.array("key"));
  const limit = readLimit(json.object("limit"));
  return new LimitRule(
    name,
    condition,
    policy,
    key,
    limit,
    readOverrides(json.arrayOrEmpty("overrides"), key),
  );
}

function readServiceRule(json: JsonObject, name: Bytes, condition: Condition | null): ServiceRule {
  return new ServiceRule(
    name,
    condition,
    readPolicy(json, Verdict.Allow),
    readService(json.object("service")),
  );
}

function readPolicy(json: JsonObject, onFull: Verdict): RulePolicy {
  return new RulePolicy(
    json.oneOfOr("on_missing", ON_MISSING, OnMissing.Share),
    onFull,
    json.oneOfOr("on_failure", VERDICTS, Verdict.Allow),
    json.booleanOr("shadow", false),
    Fraction.readOrAll(json, "enabled"),
    Fraction.readOrAll(json, "enforced"),
  );
}

function readOverrides(json: JsonArray, key: Key): Override[] {
  const overrides: Override[] = [];
  for (let i = 0; i < json.length; i++) overrides.push(readOverride(json.object(i), key));
  return overrides;
}

function readOverride(json: JsonObject, key: Key): Override {
  const read: Bytes[] = [];
  const values = json.array("values");
  if (values.length == 0) values.refuse("must not be empty");
  if (values.length > key.parts.length) values.refuse("must not have more elements than the key has parts");
  for (let i = 0; i < min(values.length, key.parts.length); i++) read.push(values.bytes(i));
  return new Override(read, readLimit(json.object("limit")));
}

/** A name stands in metrics and in a header, where other characters would have to be escaped. */
function readName(json: JsonObject): Bytes {
  const name = json.bytes("name");
  if (name.length == 0 || name.length > LONGEST_NAME || !isPlain(name))
    json.refuse("name", "must be 1 to 64 of letters, digits, -, _ and .");
  return name;
}

function isPlain(name: Bytes): bool {
  for (let i = 0; i < name.length; i++) {
    const byte = <u32>name[i];
    const isLetter = (byte | 0x20) - 0x61 < 26;
    if (!isLetter && byte - 0x30 >= 10 && byte != 0x2d && byte != 0x2e && byte != 0x5f) return false;
  }
  return true;
}
