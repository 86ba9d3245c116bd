import { Action, HttpFilter, httpFilter, ReplyOptions, RequestHeaders } from "as-proxy-wasm";
import { addChallenges } from "./challenges";
import { HeaderAuthzConfiguration } from "./config";
import { decide, Decision } from "./decision";
import { AuthzFacts } from "./facts";
import { HeaderAuthzPlugin } from "./plugin";
import { isUnauthenticated, Reason } from "./reason";

/** Lets a request pass by what it is and who sends it; what no rule allows is refused. */
@httpFilter("header-authz")
export class HeaderAuthz extends HttpFilter<HeaderAuthzConfiguration, HeaderAuthzPlugin> {
  onRequestHeaders(headers: RequestHeaders, endOfStream: bool): Action {
    const facts = new AuthzFacts(headers, this.config.facts, this.config.credentials);
    const decision = decide(this.config.rules, facts);
    this.plugin.note(decision);
    if (decision.reason == Reason.Allowed || this.config.isShadow) return Action.Continue;
    return this.refuse(decision, facts);
  }

  private refuse(decision: Decision, facts: AuthzFacts): Action {
    const code = this.plugin.code(decision);
    const reply = new ReplyOptions();
    addChallenges(reply, decision, facts);
    return this.respond(isUnauthenticated(decision.reason) ? 401 : 403, code, reply);
  }
}
