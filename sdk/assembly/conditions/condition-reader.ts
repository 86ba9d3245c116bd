import { Combination } from "./combinations";
import { Condition } from "./condition";
import { JsonArray } from "../json/array";
import { JsonObject } from "../json/object";
import { Part } from "./part-conditions";
import { readClient, readHeader, readPart, readQuery } from "./part-reader";

/**
 * Reads conditions, as `readCondition`. A filter that has conditions of its own extends it: they may then stand wherever
 * a condition may, below `all`, `any` and `not`, too. Source: `as-proxy-wasm/schemas/condition.schema.json`.
 *
 * @category Conditions
 */
export class ConditionReader {
  /** The keys that name conditions; those of the filter's own are the last. */
  private readonly kinds: string[] = [
    "header",
    "query",
    "path",
    "host",
    "method",
    "client_address",
    "peer",
    "all",
    "any",
    "not",
  ];

  constructor(ownKinds: string[] = []) {
    for (let i = 0; i < ownKinds.length; i++) this.kinds.push(ownKinds[i]);
  }

  /** Reads the condition under a key. */
  read(json: JsonObject, key: string): Condition {
    return this.readAny(json.object(key), false);
  }

  /**
   * Reads a condition of the filter's own from the object that has its key; it is to hold when its comparison does not
   * where it is negated.
   */
  readOwn(kind: string, json: JsonObject, isNegated: bool): Condition {
    json.refuse(kind, "is read by nobody");
    return new Combination([], false);
  }

  /** Negation is carried down to what is compared, where doubt arises. */
  private readAny(json: JsonObject, isNegated: bool): Condition {
    const kind = json.oneKeyOf(this.kinds);
    switch (kind) {
      case 0:
        return readHeader(json, isNegated);
      case 1:
        return readQuery(json, isNegated);
      case 2:
        return readPart(json.object("path"), Part.Path, isNegated);
      case 3:
        return readPart(json.object("host"), Part.Host, isNegated);
      case 4:
        return readPart(json.object("method"), Part.Method, isNegated);
      case 5:
        return readClient(json.array("client_address"), isNegated);
      case 6:
        return readPart(json.object("peer"), Part.Peer, isNegated);
      case 7:
        return this.readAll(json.array("all"), isNegated, isNegated);
      case 8:
        return this.readAll(json.array("any"), !isNegated, isNegated);
      case 9:
        return this.readAny(json.object("not"), !isNegated);
      default:
        return this.readOwn(this.kinds[kind], json, isNegated);
    }
  }

  private readAll(members: JsonArray, isAny: bool, isNegated: bool): Condition {
    if (members.length == 0) members.refuse("must not be empty");
    const conditions: Condition[] = [];
    for (let i = 0; i < members.length; i++) conditions.push(this.readAny(members.object(i), isNegated));
    return new Combination(conditions, isAny);
  }
}
