import { AddressRange } from "../addresses/range";
import { AllCondition, AnyCondition } from "./combinations";
import { Comparison } from "./comparison";
import { Condition } from "./condition";
import { isHeaderName } from "../http-fields/syntax";
import { JsonArray } from "../json/array";
import { JsonObject } from "../json/object";
import {
  ClientCondition,
  HostCondition,
  MethodCondition,
  PathCondition,
  PeerCondition,
} from "./part-conditions";
import { readComparison } from "./comparison-reader";
import { refuseUnreachableHost, refuseUnreachablePath } from "./reachable";
import { HeaderCondition, QueryCondition } from "./value-condition";

// @ts-ignore: decorator
@lazy
const KINDS = ["header", "query", "path", "host", "method", "client_address", "peer", "all", "any", "not"];

/**
 * Reads the condition under a key: an object with exactly one of `header`, `query`, `path`, `host`, `method`,
 * `client_address`, `peer`, `all`, `any` and `not`. What is wrong is kept in `json`, as by its getters. `not` and
 * `invert` do not turn a doubt around: the negation of a doubt is a doubt. JSON schema:
 * `as-proxy-wasm/schemas/condition.schema.json`.
 *
 * @category Conditions
 */
export function readCondition(json: JsonObject, key: string): Condition {
  return readAny(json.object(key), false);
}

/** Negation is carried down to what is compared, where doubt arises. */
function readAny(json: JsonObject, isNegated: bool): Condition {
  switch (json.oneKeyOf(KINDS)) {
    case 1:
      return readQuery(json, isNegated);
    case 5:
      return readClient(json.array("client_address"), isNegated);
    case 7:
      return readAll(json.array("all"), isNegated, isNegated);
    case 8:
      return readAll(json.array("any"), !isNegated, isNegated);
    case 9:
      return readAny(json.object("not"), !isNegated);
    case 0:
      return readHeader(json, isNegated);
    default:
      return readPart(json, isNegated);
  }
}

function readHeader(json: JsonObject, isNegated: bool): Condition {
  const name = json.bytes("header");
  if (!isHeaderName(name)) json.refuse("header", "must be the name of a header");
  const comparison = readComparison(json);
  return new HeaderCondition(name, comparison, readInvert(json, isNegated));
}

function readQuery(json: JsonObject, isNegated: bool): Condition {
  const name = json.bytes("query");
  if (name.length == 0) json.refuse("query", "must not be empty");
  const comparison = readComparison(json);
  return new QueryCondition(name, comparison, readInvert(json, isNegated));
}

/** A part of each request that has one value at most. */
function readPart(json: JsonObject, isNegated: bool): Condition {
  const part = json.has("path") ? "path" : json.has("host") ? "host" : json.has("method") ? "method" : "peer";
  const inner = json.object(part);
  const comparison = readComparison(inner);
  const isInverted = readInvert(inner, isNegated);
  return makePart(part, inner, comparison, isInverted);
}

function makePart(part: string, json: JsonObject, comparison: Comparison, isInverted: bool): Condition {
  if (part == "path") {
    refuseUnreachablePath(json, comparison);
    return new PathCondition(comparison, isInverted);
  }
  if (part == "host") {
    refuseUnreachableHost(json, comparison);
    return new HostCondition(comparison, isInverted);
  }
  if (part == "method") return new MethodCondition(comparison, isInverted);
  return new PeerCondition(comparison, isInverted);
}

function readClient(ranges: JsonArray, isNegated: bool): Condition {
  if (ranges.length == 0) ranges.refuse("must not be empty");
  const read: AddressRange[] = [];
  for (let i = 0; i < ranges.length; i++) {
    const range = AddressRange.parse(ranges.bytes(i));
    const problem = range.problem;
    if (problem !== null) ranges.refuseElement(i, problem);
    read.push(range);
  }
  return new ClientCondition(read, isNegated);
}

function readAll(members: JsonArray, isAny: bool, isNegated: bool): Condition {
  if (members.length == 0) members.refuse("must not be empty");
  const conditions: Condition[] = [];
  for (let i = 0; i < members.length; i++) conditions.push(readAny(members.object(i), isNegated));
  return isAny ? new AnyCondition(conditions) : new AllCondition(conditions);
}

function readInvert(json: JsonObject, isNegated: bool): bool {
  return json.booleanOr("invert", false) != isNegated;
}
