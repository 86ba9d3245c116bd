import { log, Plugin } from "as-proxy-wasm";
import { HeaderAuthzConfiguration } from "./config";
import { Decision } from "./decision";
import { isUnauthenticated, Reason, reasonName } from "./reason";
import { Stats } from "./stats";

/** What all requests share: what is counted, and what was logged already. */
export class HeaderAuthzPlugin extends Plugin<HeaderAuthzConfiguration> {
  private stats: Stats = new Stats([]);
  /** The reasons that were logged at info; a bit for each. */
  private logged: u32 = 0;

  onConfigured(): void {
    this.stats = new Stats(this.config.rules);
    const jwt = this.config.jwt;
    if (jwt !== null) jwt.fetch(this);
  }

  /** Counts a decision and logs it: each at debug, and the first refusal for each reason at info. */
  note(decision: Decision): void {
    this.stats.count(decision.reason, this.config.isShadow);
    this.stats.countRule(decision.rule);
    const shadows = decision.shadows;
    if (shadows !== null) for (let i = 0; i < shadows.length; i++) this.stats.countRule(shadows[i]);
    log.debug(this.describe(decision));
    const bit = 1 << decision.reason;
    if (decision.reason != Reason.Allowed && (this.logged & bit) == 0)
      log.info(this.describe(decision) + ": more of these are logged at debug");
    this.logged |= bit;
  }

  /** The reason as details and log have it, with the name of the rule that decided: `header_authz_denied_by_rule[guests]`. */
  code(decision: Decision): string {
    const name = decision.rule < 0 ? "" : this.config.rules[decision.rule].name;
    const code = "header_authz_" + reasonName(decision.reason);
    return name.length == 0 ? code : code + "[" + name + "]";
  }

  /** The status of a refusal: 401 where a credential is missing or wrong, 403 where one would not help. */
  status(decision: Decision): i32 {
    const jwt = this.config.jwt;
    if (decision.reason == Reason.KeysNotReady) return jwt === null ? 503 : jwt.notReadyStatus;
    return isUnauthenticated(decision.reason) ? 401 : 403;
  }

  private describe(decision: Decision): string {
    const isShadow = this.config.isShadow && decision.reason != Reason.Allowed;
    return (isShadow ? "shadow " : "") + this.code(decision);
  }
}
