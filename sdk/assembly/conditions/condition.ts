import { RequestFacts } from "./request-facts";
import { Truth } from "./truth";

/**
 * Something that is so of a request, or not; `readCondition` makes one of the configuration. Time grows with the number
 * of conditions times the size of the request. Source: Envoy, `config.rbac.v3.Permission` and `type.matcher.v3`, whose
 * matchers these are like.
 *
 * @category Conditions
 */
export abstract class Condition {
  /** What is so of this request. Valid in `onRequestHeaders`. */
  abstract holds(facts: RequestFacts): Truth;
}
