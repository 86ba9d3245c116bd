import type { Scenario, VirtualHost } from "../backend.ts";
import type { Coverage } from "../coverage/coverage.ts";
import { Faults } from "../faults.ts";
import { growing, letGo } from "../kept.ts";
import { defaultLimits, type Limits } from "../limits.ts";
import { logLevels, type AccessLogEntry, type LogEntry, type Trap } from "../observation.ts";
import type { AllocatorFaults } from "./allocator-fault.ts";
import { Callouts } from "./callouts.ts";
import { EventLoop } from "./event-loop.ts";
import { GrpcCalls } from "./grpc-calls.ts";
import { MetricStore } from "./metrics.ts";
import { Progress } from "./progress.ts";
import { SharedDataStore } from "./shared-data.ts";
import { SharedQueueStore } from "./shared-queues.ts";
import { Tape } from "./tape.ts";
import { VirtualClock } from "./virtual-clock.ts";

type StateOption =
  | "logLevel"
  | "virtualHost"
  | "clusters"
  | "grpcClusters"
  | "upstream"
  | "limits"
  | "faults"
  | "allocatorFaults"
  | "coverage";

/** The part of a scenario that is no chain of filters. */
type StateScenario = Pick<Scenario, StateOption>;

/** What is kept for sure of what was observed. */
const kept = { lines: 100_000, streams: 10_000, traps: 1_000 };

/** What all VMs of one embedded proxy share, and what a test reads afterwards. */
export class ProxyState {
  readonly clock = new VirtualClock();
  readonly progress = new Progress(this.clock);
  /** What happens on connections, one event after the other. */
  readonly loop = new EventLoop();
  readonly metrics = new MetricStore();
  readonly sharedData = new SharedDataStore();
  readonly sharedQueues = new SharedQueueStore();
  readonly logs = growing<LogEntry>();
  readonly accessLog = growing<AccessLogEntry>();
  /** What is to go wrong. */
  readonly faults: Faults;
  /** Every call across the ABI. */
  readonly tape = new Tape(this.clock);
  readonly traps = growing<Trap>();
  readonly limits: Limits;
  readonly allocatorFaults: AllocatorFaults;
  /** The number that `proxy_get_log_level` answers. */
  readonly logLevel: number;

  /** Counts the lines of filters; null when nobody asked for that. */
  readonly coverage: Coverage | null;
  readonly callouts: Callouts;
  readonly grpcCalls: GrpcCalls;
  readonly virtualHost: VirtualHost;

  constructor(scenario: StateScenario) {
    const { logLevel, virtualHost, clusters, grpcClusters, upstream } = scenario;
    this.limits = scenario.limits ?? defaultLimits;
    this.faults = scenario.faults ?? new Faults();
    this.allocatorFaults = this.faults.allocator;
    for (const fault of scenario.allocatorFaults ?? []) this.allocatorFaults.arm(fault);
    this.coverage = scenario.coverage ?? null;
    this.virtualHost = virtualHost;
    this.logLevel = logLevels.indexOf(logLevel);
    this.callouts = new Callouts({ ...clusters, upstream }, this.clock, this.progress);
    this.grpcCalls = new GrpcCalls(grpcClusters, this.clock, this.progress);
  }

  /** What is kept of what was observed does not grow with the streams that there were. */
  letGo(): void {
    letGo(this.logs, kept.lines);
    letGo(this.accessLog, kept.streams);
    letGo(this.traps, kept.traps);
  }

  /** Nanoseconds since the epoch, UTC. */
  nowNanos(): bigint {
    return this.clock.nowNanos();
  }
}
