import {
  Bytes,
  monotonicTimeNanos,
  Plugin,
  RequestFacts,
  RequestHeaders,
  RouteConfig,
  SipHash,
} from "as-proxy-wasm";
import { Admission } from "./admission/admission";
import { Claim } from "./admission/claim";
import { Room } from "./admission/finding";
import { PACED_STATE_LENGTH } from "./algorithms/burst-at-a-pace";
import { WINDOW_STATE_LENGTH } from "./algorithms/sliding-window";
import { RateLimitConfiguration } from "./config";
import { isIncomplete, joinValues } from "./keys/key";
import { LimitRule } from "./rules/limit-rule";
import { OnMissing, Rule } from "./rules/rule";
import { RouteSettings } from "./rules/route-settings";
import { Inquiry } from "./service/inquiry";
import { RefusedKeys } from "./service/refused-keys";
import { ServiceRule } from "./service/service-rule";
import { Limit } from "./limits/limit";
import { Place } from "./table/place";
import { agreedHash } from "./table/seed";
import { StateTable } from "./table/state-table";

/** The tables that all workers share, and the rules that are applied to them. */
export class RateLimitPlugin extends Plugin<RateLimitConfiguration> {
  /** What services have refused lately. */
  refusedKeys: RefusedKeys = new RefusedKeys(SipHash.withRandomKey(), 0);
  private tables: StateTable[] = [];

  onConfigured(): void {
    const hash = agreedHash(this.sharedData);
    this.tables = [this.makeTable(hash, PACED_STATE_LENGTH), this.makeTable(hash, WINDOW_STATE_LENGTH)];
    this.refusedKeys = new RefusedKeys(hash, this.config.maxRefusedKeys);
  }

  /** Decides about a request, as far as no service has to be asked. */
  admit(headers: RequestHeaders, route: RouteConfig<RouteSettings> | null): Admission {
    const facts = new RequestFacts(headers, this.config.facts);
    const admission = new Admission();
    this.claim(admission, facts, route);
    admission.decide(this.config.draws);
    if (admission.refusedFor === null) this.inquire(admission, facts, route);
    return admission;
  }

  /** Has the rules say what they have to that this proxy counts. */
  private claim(admission: Admission, facts: RequestFacts, route: RouteConfig<RouteSettings> | null): void {
    const now = monotonicTimeNanos();
    const rules = this.config.rules.limits;
    for (let i = 0; i < rules.length; i++) {
      if (!this.isApplied(rules[i], facts, route)) continue;
      const claim = this.claimOf(rules[i], facts, route, now);
      if (claim !== null) admission.claims.push(claim);
    }
  }

  /** Has the rules put together what they have to ask of services. */
  private inquire(admission: Admission, facts: RequestFacts, route: RouteConfig<RouteSettings> | null): void {
    const rules = this.config.rules.services;
    for (let i = 0; i < rules.length; i++) {
      if (!this.isApplied(rules[i], facts, route)) continue;
      const inquiry = this.inquiryOf(rules[i], facts, route);
      if (inquiry !== null) admission.inquiries.push(inquiry);
    }
  }

  private isApplied(rule: Rule, facts: RequestFacts, route: RouteConfig<RouteSettings> | null): bool {
    const settings: RouteSettings | null = route === null ? null : route.settings;
    if (settings !== null && settings.disables(rule.name)) return false;
    return rule.policy.enabled.drawIfOpen(this.config.draws) && rule.speaksOf(facts);
  }

  /** What a rule has to say; null when it leaves the request alone. */
  private claimOf(
    rule: LimitRule,
    facts: RequestFacts,
    route: RouteConfig<RouteSettings> | null,
    now: u64,
  ): Claim | null {
    const settings: RouteSettings | null = route === null ? null : route.settings;
    if (route !== null && settings === null) return new Claim(rule, rule.limit, now);
    const values = rule.key.valuesOf(facts);
    const ofRoute: Limit | null = settings === null ? null : settings.limitOf(rule.name);
    const claim = new Claim(rule, ofRoute === null ? rule.limitOf(values) : ofRoute, now);
    return this.look(claim, values) ? claim : null;
  }

  /** What a rule has to ask; null when it leaves the request alone. A route's limit is none that a service would keep. */
  private inquiryOf(
    rule: ServiceRule,
    facts: RequestFacts,
    route: RouteConfig<RouteSettings> | null,
  ): Inquiry | null {
    const inquiry = new Inquiry(rule);
    const settings: RouteSettings | null = route === null ? null : route.settings;
    const isRefused = route !== null && (settings === null || settings.limitOf(rule.name) !== null);
    if (isRefused) inquiry.close(Room.Unknown);
    else if (!inquiry.describe(facts)) return null;
    return inquiry;
  }

  /** Lets a claim look at its key; false when the rule leaves a request without one alone. */
  private look(claim: Claim, values: Array<Bytes | null>): bool {
    const onMissing = claim.rule.policy.onMissing;
    if (onMissing != OnMissing.Share && isIncomplete(values)) {
      claim.room = Room.NoKey;
      return onMissing == OnMissing.Deny;
    }
    const table = this.tableOf(claim.limit);
    const prefix = claim.rule.name.concat(claim.limit.identity);
    claim.look(new Place(table, table.fingerprint(joinValues(prefix, values))));
    return true;
  }

  private tableOf(limit: Limit): StateTable {
    return limit.algorithm.stateLength == PACED_STATE_LENGTH ? this.tables[0] : this.tables[1];
  }

  private makeTable(hash: SipHash, stateLength: i32): StateTable {
    return new StateTable(this.sharedData, hash, stateLength, this.config.maxKeys);
  }
}
