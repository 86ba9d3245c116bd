import { Bytes, GrpcRequest, GrpcResult, monotonicTimeNanos, RequestFacts } from "as-proxy-wasm";
import { Finding, Room } from "../admission/finding";
import { OnMissing } from "../rules/rule";
import { DescriptorStatus } from "./descriptor-status";
import { Code, RateLimitResponse } from "./rate-limit-response";
import { RefusedKeys } from "./refused-keys";
import { ServiceRule } from "./service-rule";

/** What one rule asks a service about one request, and what it has to say then. */
export class Inquiry extends Finding {
  /** Whether there is nothing left to ask. */
  isAnswered: bool = false;
  /** What the service has answered; null when it has not, or was not asked. */
  response: RateLimitResponse | null = null;
  /** The descriptors of the request. */
  private readonly descriptors: Bytes[] = [];
  /** What is said of the descriptor that leaves least; null when nothing is. */
  private tightest: DescriptorStatus | null = null;

  constructor(private readonly ownRule: ServiceRule) {
    super(ownRule);
  }

  /** Puts the descriptors together; false when the request has nothing that the rule speaks of. */
  describe(facts: RequestFacts): bool {
    const templates = this.ownRule.service.descriptors;
    const onMissing = this.ownRule.policy.onMissing;
    for (let i = 0; i < templates.length; i++) {
      const descriptor = templates[i].of(facts, onMissing == OnMissing.Share);
      if (descriptor !== null) this.descriptors.push(descriptor);
      else if (onMissing == OnMissing.Deny) return this.close(Room.NoKey);
    }
    return this.descriptors.length > 0;
  }

  /** Answers it without the service. */
  close(room: Room): bool {
    this.room = room;
    this.isAnswered = true;
    return true;
  }

  /** Answers it for the service where that has refused one of the descriptors lately. */
  recall(refused: RefusedKeys): void {
    const now = monotonicTimeNanos();
    for (let i = 0; i < this.descriptors.length; i++) {
      const status = refused.find(this.identify(i), now);
      if (status === null) continue;
      this.notice(status);
      this.close(Room.No);
    }
    if (this.isAnswered) this.ownRule.serviceCounters.notAsked.increment();
  }

  /** The call that asks the service. */
  call(): GrpcRequest {
    this.ownRule.serviceCounters.asked.increment();
    return this.ownRule.service.call(this.descriptors);
  }

  /** Takes what came of the call. */
  answer(result: GrpcResult, refused: RefusedKeys): void {
    const response = RateLimitResponse.read(result.message);
    if (!result.isOk || response.code == Code.Unknown) {
      this.ownRule.countFailure(result);
      this.close(Room.Unknown);
      return;
    }
    this.response = response;
    this.close(response.code == Code.Ok ? Room.Yes : Room.No);
    this.take(response.statuses, refused);
  }

  /** The client has left while the service was asked. */
  abandon(): void {
    this.ownRule.serviceCounters.abandoned.increment();
  }

  /** The service's own words, else the filter's. */
  get body(): Bytes {
    const response = this.response;
    return response === null || response.body.length == 0 ? super.body : response.body;
  }

  get isMeasured(): bool {
    return this.tightest !== null;
  }

  get requests(): u32 {
    const status = this.tightest;
    return status === null ? 0 : status.requests;
  }

  get windowNanos(): u64 {
    const status = this.tightest;
    return status === null ? 0 : status.windowNanos;
  }

  get remaining(): u32 {
    const status = this.tightest;
    return status === null ? 0 : status.remaining;
  }

  get growsInNanos(): u64 {
    const status = this.tightest;
    return status === null ? 0 : status.resetNanos;
  }

  private take(statuses: DescriptorStatus[], refused: RefusedKeys): void {
    const now = monotonicTimeNanos();
    for (let i = 0; i < statuses.length; i++) {
      const status = statuses[i];
      if (status.windowNanos == 0) continue;
      this.notice(status);
      const isRefused = this.room == Room.No && status.isOverLimit;
      if (isRefused && i < this.descriptors.length) refused.keep(this.identify(i), status, now);
    }
  }

  private notice(status: DescriptorStatus): void {
    const before = this.tightest;
    if (before === null || status.isTighterThan(before)) this.tightest = status;
  }

  private identify(index: i32): Bytes {
    return this.ownRule.service.identify(this.descriptors[index]);
  }
}
