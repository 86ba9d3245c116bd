import { AddressRange } from "../addresses/range";
import { Condition } from "./condition";
import { isHeaderName } from "../http-fields/syntax";
import { JsonArray } from "../json/array";
import { JsonObject } from "../json/object";
import { ClientCondition, Part, PartCondition } from "./part-conditions";
import { readComparison } from "./comparison-reader";
import { refuseUnreachable } from "./reachable";
import { NamedCondition } from "./value-condition";

/** A header, by its name. */
export function readHeader(json: JsonObject, isNegated: bool): Condition {
  const name = json.bytes("header");
  if (!isHeaderName(name)) json.refuse("header", "must be the name of a header");
  return new NamedCondition(name, false, readComparison(json), readInvert(json, isNegated));
}

/** A query parameter, by its name. */
export function readQuery(json: JsonObject, isNegated: bool): Condition {
  const name = json.bytes("query");
  if (name.length == 0) json.refuse("query", "must not be empty");
  return new NamedCondition(name, true, readComparison(json), readInvert(json, isNegated));
}

/** A part of each request that has one value at most. */
export function readPart(json: JsonObject, part: Part, isNegated: bool): Condition {
  const comparison = readComparison(json);
  const isInverted = readInvert(json, isNegated);
  if (part <= Part.Host) refuseUnreachable(json, comparison, part == Part.Path);
  return new PartCondition(part, comparison, isInverted);
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
