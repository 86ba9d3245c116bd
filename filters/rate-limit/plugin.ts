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
import { Claim, Room } from "./admission/claim";
import { PACED_STATE_LENGTH } from "./algorithms/burst-at-a-pace";
import { WINDOW_STATE_LENGTH } from "./algorithms/sliding-window";
import { RateLimitConfiguration } from "./config";
import { isIncomplete, joinValues } from "./keys/key";
import { OnMissing, Rule } from "./rules/rule";
import { RouteSettings } from "./rules/route-settings";
import { Limit } from "./limits/limit";
import { Place } from "./table/place";
import { agreedHash } from "./table/seed";
import { StateTable } from "./table/state-table";

/** The tables that all workers share, and the rules that are applied to them. */
export class RateLimitPlugin extends Plugin<RateLimitConfiguration> {
  private tables: StateTable[] = [];

  onConfigured(): void {
    const hash = agreedHash(this.sharedData);
    this.tables = [this.makeTable(hash, PACED_STATE_LENGTH), this.makeTable(hash, WINDOW_STATE_LENGTH)];
  }

  /** Decides about a request. */
  admit(headers: RequestHeaders, route: RouteConfig<RouteSettings> | null): Admission {
    const facts = new RequestFacts(headers, this.config.facts);
    const admission = new Admission();
    const now = monotonicTimeNanos();
    const rules = this.config.rules;
    for (let i = 0; i < rules.length; i++) {
      const claim = this.claim(rules[i], facts, route, now);
      if (claim !== null) admission.claims.push(claim);
    }
    admission.decide(this.config.draws);
    return admission;
  }

  /** What a rule has to say; null when it does not speak of the request. */
  private claim(
    rule: Rule,
    facts: RequestFacts,
    route: RouteConfig<RouteSettings> | null,
    now: u64,
  ): Claim | null {
    const settings: RouteSettings | null = route === null ? null : route.settings;
    if (settings !== null && settings.disables(rule.name)) return null;
    if (!rule.policy.enabled.draw(this.config.draws) || !rule.speaksOf(facts)) return null;
    if (route !== null && settings === null) return new Claim(rule, rule.limit, now);
    const values = rule.key.valuesOf(facts);
    const ofRoute: Limit | null = settings === null ? null : settings.limitOf(rule.name);
    const claim = new Claim(rule, ofRoute === null ? rule.limitOf(values) : ofRoute, now);
    return this.look(claim, values) ? claim : null;
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
