import { JsonObject } from "../json/object";

/**
 * What is done with a part of a path that some servers read in another way; the order is that of the JSON.
 *
 * @category Conditions
 */
export enum Ambiguous {
  /** The path is in doubt. */
  Refuse,
  /** It is kept as it is written. */
  Keep,
  /** An encoded slash is one; a parameter is no part of the path. */
  Resolve,
}

// @ts-ignore: decorator
@lazy
const ENCODED_SLASHES = ["refuse", "keep", "decode"];
// @ts-ignore: decorator
@lazy
const PARAMETERS = ["refuse", "keep", "remove"];

/**
 * How paths are made normal: what the server behind the proxy makes of them. The defaults doubt whatever servers
 * disagree about. Source: RFC 3986, 6.2.2 and 3.3.
 *
 * @category Conditions
 */
export class PathOptions {
  constructor(
    /** Whether `/Admin` and `/admin` are two paths; if not, paths are in lower case, ASCII letters only. */
    readonly isCaseSensitive: bool = true,
    /** What is done with `%2f`, `%5c` and `%00`. */
    readonly encodedSlashes: Ambiguous = Ambiguous.Refuse,
    /** What is done with `;` and what follows it in a segment: `/admin;v=1`. */
    readonly parameters: Ambiguous = Ambiguous.Refuse,
  ) {}

  /** Reads `case_sensitive`, `encoded_slashes` and `path_parameters`, each of which may be absent. */
  static read(json: JsonObject): PathOptions {
    return new PathOptions(
      json.booleanOr("case_sensitive", true),
      json.oneOfOr("encoded_slashes", ENCODED_SLASHES, Ambiguous.Refuse),
      json.oneOfOr("path_parameters", PARAMETERS, Ambiguous.Refuse),
    );
  }
}
