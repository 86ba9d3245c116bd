import { Action, HttpFilter, httpFilter, ReplyOptions, RequestHeaders, RequestTrailers } from "as-proxy-wasm";
import { addChallenges } from "./challenges";
import { AuthzFacts } from "./facts";
import { decide, Decision } from "./decision";
import { HeaderAuthzConfiguration } from "./config";
import { HeaderAuthzPlugin } from "./plugin";
import { Reason } from "./reason";

/** Lets a request pass by what it is and who sends it; what no rule allows is refused. */
@httpFilter("header-authz")
export class HeaderAuthz extends HttpFilter<HeaderAuthzConfiguration, HeaderAuthzPlugin> {
  onRequestHeaders(headers: RequestHeaders, endOfStream: bool): Action {
    const facts = new AuthzFacts(headers, this.config.facts, this.config.credentials);
    const decision = decide(this.config.rules, facts);
    const isShadow = this.config.isShadow;
    if (decision.reason == Reason.Allowed || isShadow) this.setHeaders(headers, facts, decision);
    this.plugin.note(decision);
    return decision.reason == Reason.Allowed || isShadow ? Action.Continue : this.refuse(decision, facts);
  }

  /** What servers take for headers that come late must not be the client's either. */
  onRequestTrailers(trailers: RequestTrailers): Action {
    const areGone = this.config.upstreamHeaders.removeFrom(trailers);
    if (areGone || this.config.isShadow) return Action.Continue;
    return this.respond(403, "header_authz_unsafe_header_value");
  }

  /** What is told of the client is what the filter found; what the client told is gone, whatever the filter found. */
  private setHeaders(headers: RequestHeaders, facts: AuthzFacts, decision: Decision): void {
    const settings = this.config.upstreamHeaders;
    if (settings.isEmpty) return;
    const values = settings.valuesFor(facts);
    if (settings.removeFrom(headers) && values !== null) settings.set(headers, values);
    else if (decision.reason == Reason.Allowed) decision.reason = Reason.UnsafeHeaderValue;
  }

  private refuse(decision: Decision, facts: AuthzFacts): Action {
    const reply = new ReplyOptions();
    addChallenges(reply, decision, facts, this.config.realm);
    return this.respond(this.plugin.status(decision), this.plugin.code(decision), reply);
  }
}
