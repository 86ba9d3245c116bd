import { Action, HeadersVerdict } from "../abi/types";

/**
 * What a filter wants of a message beyond its headers. Apart from `MessageFlow`, so that a module whose filters want
 * nothing of the kind does not contain it.
 */
export abstract class HeadersPlan {
  /** What the host is to do once the filter has seen the headers. */
  abstract afterHeaders(action: Action, endOfStream: bool): HeadersVerdict;
}

/** What the host is to do with a message whose headers a filter has seen. */
export function verdictOf(action: Action, endOfStream: bool, plan: HeadersPlan | null): HeadersVerdict {
  if (plan !== null) return plan.afterHeaders(action, endOfStream);
  return action != Action.Continue ? HeadersVerdict.HoldAll : HeadersVerdict.Continue;
}
