import { AddressRange } from "../addresses/range";
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

/** A header, by its name. */
export function readHeader(json: JsonObject, isNegated: bool): Condition {
  const name = json.bytes("header");
  if (!isHeaderName(name)) json.refuse("header", "must be the name of a header");
  const comparison = readComparison(json);
  return new HeaderCondition(name, comparison, readInvert(json, isNegated));
}

/** A query parameter, by its name. */
export function readQuery(json: JsonObject, isNegated: bool): Condition {
  const name = json.bytes("query");
  if (name.length == 0) json.refuse("query", "must not be empty");
  const comparison = readComparison(json);
  return new QueryCondition(name, comparison, readInvert(json, isNegated));
}

/** A part of each request that has one value at most. */
export function readPart(json: JsonObject, isNegated: bool): Condition {
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

/** The client's address. */
export function readClient(ranges: JsonArray, isNegated: bool): Condition {
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

function readInvert(json: JsonObject, isNegated: bool): bool {
  return json.booleanOr("invert", false) != isNegated;
}
