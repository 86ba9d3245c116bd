import { Bytes, Condition, GrpcResult, log } from "as-proxy-wasm";
import { Rule, RulePolicy } from "../rules/rule";
import { LimitService } from "./limit-service";
import { ServiceCounters } from "./service-counters";

/** Limits that a rate-limit service counts, for all proxies that ask it. */
export class ServiceRule extends Rule {
  readonly serviceCounters: ServiceCounters;
  /** A bit for each cause that was told. */
  private reported: i32 = 0;

  constructor(
    name: Bytes,
    condition: Condition | null,
    policy: RulePolicy,
    readonly service: LimitService,
  ) {
    super(name, condition, policy);
    this.serviceCounters = new ServiceCounters(name);
  }

  /** Counts a call that was of no use, and says so once for each cause. */
  countFailure(result: GrpcResult): void {
    this.serviceCounters.countFailure(result.outcome);
    const cause = 1 << result.outcome;
    if ((this.reported & cause) != 0) return;
    this.reported |= cause;
    const status = Bytes.fromInteger(result.status).toString() + " " + result.statusMessage.toString();
    log.warn(
      "rule " + this.name.toString() + ": the service has not decided, on_failure does: status " + status,
    );
  }
}
