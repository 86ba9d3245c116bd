import { Condition } from "./condition";
import { ConditionReader } from "./condition-reader";
import { JsonObject } from "../json/object";

/**
 * Reads the condition under a key: an object with exactly one of `header`, `query`, `path`, `host`, `method`,
 * `client_address`, `peer`, `all`, `any` and `not`. What is wrong is kept in `json`, as by its getters. `not` and
 * `invert` do not turn a doubt around: the negation of a doubt is a doubt. JSON schema:
 * `as-proxy-wasm/schemas/condition.schema.json`. For conditions of a filter's own: `ConditionReader`.
 *
 * @category Conditions
 */
export function readCondition(json: JsonObject, key: string): Condition {
  return new ConditionReader().read(json, key);
}
