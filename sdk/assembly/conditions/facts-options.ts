import { JsonObject } from "../json/object";
import { PathOptions } from "../paths/options";

/**
 * What is done when a header or a query parameter that a condition reads occurs more than once; the order is that of the
 * JSON.
 *
 * @category Conditions
 */
export enum Repeated {
  /** The condition is in doubt, and the request's facts say so: the filter refuses the request. */
  Refuse,
  /** The first value counts. */
  First,
  /** Where the values do not all lead to the same truth, the condition is in doubt. */
  Every,
}

// @ts-ignore: decorator
@lazy
const REPEATED = ["refuse", "first", "every"];

/** More proxies than this stand in no row. */
const MOST_HOPS = 32;

/**
 * How requests are read, for all conditions of a filter. Source: RFC 9110, 5.3, and RFC 3986, 6.2.2.
 *
 * @category Conditions
 */
export class FactsOptions {
  constructor(
    /** What is done with a header or a query parameter that occurs more than once. */
    readonly repeated: Repeated = Repeated.Refuse,
    /** How paths are made normal. */
    readonly paths: PathOptions = new PathOptions(),
    /** As of `clientAddress`. */
    readonly trustedHops: i32 = 0,
  ) {}

  /**
   * Reads `repeated`, `trusted_hops` and the keys of `PathOptions` from an object, each of which may be absent: the
   * filter's whole configuration, or one object in it.
   */
  static read(json: JsonObject): FactsOptions {
    return new FactsOptions(
      json.oneOfOr("repeated", REPEATED, Repeated.Refuse),
      PathOptions.read(json),
      <i32>json.integerOr("trusted_hops", 0, MOST_HOPS, 0),
    );
  }
}
