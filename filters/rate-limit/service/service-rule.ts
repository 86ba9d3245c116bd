import { Bytes, Condition } from "as-proxy-wasm";
import { Rule, RulePolicy } from "../rules/rule";
import { LimitService } from "./limit-service";
import { ServiceCounters } from "./service-counters";

/** Limits that a rate-limit service counts, for all proxies that ask it. */
export class ServiceRule extends Rule {
  readonly serviceCounters: ServiceCounters;

  constructor(
    name: Bytes,
    condition: Condition | null,
    policy: RulePolicy,
    readonly service: LimitService,
  ) {
    super(name, condition, policy);
    this.serviceCounters = new ServiceCounters(name);
  }
}
