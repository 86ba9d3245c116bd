import { ReplyOptions, utf8 } from "as-proxy-wasm";
import { Decision } from "./decision";
import { AuthzFacts } from "./facts";
import { Reason } from "./reason";

/** Says which credentials the client could have brought. A status 401 has at least one. Source: RFC 9110, 15.5.2. */
export function addChallenges(reply: ReplyOptions, decision: Decision, facts: AuthzFacts): void {
  if (decision.reason == Reason.MissingHeader) reply.addHeader(utf8("www-authenticate"), utf8("Header"));
}
