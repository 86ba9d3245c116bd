import { Action, Counter, HttpFilter, httpFilter, RequestHeaders } from "as-proxy-wasm";
import { HeaderAuthzConfiguration } from "./config";
import { decide, Decision } from "./decision";

const allowed = new Counter("header_authz.allowed");
const denied = new Counter("header_authz.denied");

/** Lets a request pass by its headers; what no rule allows is refused. */
@httpFilter("header-authz")
export class HeaderAuthz extends HttpFilter<HeaderAuthzConfiguration> {
  onRequestHeaders(headers: RequestHeaders, endOfStream: bool): Action {
    const decision = decide(this.config, headers);
    if (decision == Decision.Allowed) {
      allowed.increment();
      return Action.Continue;
    }
    denied.increment();
    return this.refuse(decision);
  }

  private refuse(decision: Decision): Action {
    switch (decision) {
      case Decision.RepeatedHeader:
        return this.respond(403, "header_authz_repeated_header");
      case Decision.DeniedByRule:
        return this.respond(403, "header_authz_denied_by_rule");
      case Decision.MissingHeader:
        return this.respond(401, "header_authz_missing_header");
      default:
        return this.respond(403, "header_authz_no_rule_matched");
    }
  }
}
