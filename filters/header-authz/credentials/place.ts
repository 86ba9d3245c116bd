import { Bytes, decodeQueryPart, isHeaderName, JsonObject, queryValues } from "as-proxy-wasm";
import { AuthzFacts } from "../facts";

const PLACES = ["header", "query"];

/** Where in a request a credential stands. */
export class Place {
  constructor(
    private readonly name: Bytes,
    private readonly isQuery: bool = false,
  ) {}

  /** Reads `header` or `query`, one of which must be there. */
  static read(json: JsonObject): Place {
    const isQuery = json.oneKeyOf(PLACES) == 1;
    const key = PLACES[<i32>isQuery];
    const name = json.bytes(key);
    if (!isQuery && (!isHeaderName(name) || name[0] == 0x3a))
      json.refuse(key, "must be the name of a header");
    if (name.length == 0) json.refuse(key, "must not be empty");
    return new Place(name, isQuery);
  }

  /** What stands there: none, one, or two and more, which is too many. A value that cannot be decoded is empty. */
  values(facts: AuthzFacts): Bytes[] {
    if (!this.isQuery) return facts.headers.getAll(this.name);
    const values = queryValues(facts.target.query, this.name, 2);
    for (let i = 0; i < values.length; i++) {
      const decoded = decodeQueryPart(values[i]);
      values[i] = decoded === null ? Bytes.EMPTY : decoded;
    }
    return values;
  }
}
