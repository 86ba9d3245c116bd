import fc from "fast-check";
import type { LightHost } from "../host/light-host.ts";
import { Scribe, type Step } from "./steps.ts";
import { agree } from "./world.ts";

const nanosPerMs = 1_000_000;
const mostEarlyMs = 4;
const stream = 2;

/** Time passes, after which the host may tick so early. */
interface Pass {
  readonly kind: "pass";
  readonly ms: number;
  readonly earlyMs: number;
}

/** What happens to timers: one is set or taken back, or time passes. */
export type TimerStep =
  | { readonly kind: "After" | "Every"; readonly slot: number; readonly ms: number }
  | { readonly kind: "CancelTimer"; readonly slot: number }
  | Pass;

const slot = fc.nat({ max: 3 });
const ms = fc.oneof(
  { weight: 5, arbitrary: fc.nat({ max: 20 }) },
  { weight: 1, arbitrary: fc.nat({ max: 5_000 }) },
);

/** Most hosts are in time. */
const earlyMs = fc.oneof(
  { weight: 3, arbitrary: fc.constant(0) },
  { weight: 1, arbitrary: fc.nat({ max: mostEarlyMs + 2 }) },
);

/** Ten of them. */
export const timerSteps: fc.Arbitrary<TimerStep[]> = fc.array(
  fc.oneof(
    {
      weight: 3,
      arbitrary: fc.record({ kind: fc.constantFrom("After" as const, "Every" as const), slot, ms }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("CancelTimer" as const), slot }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant("pass" as const), ms, earlyMs }) },
  ),
  { minLength: 10, maxLength: 10 },
);

interface Due {
  readonly slot: number;
  readonly at: number;
  readonly period: number;
}

/**
 * Timers happen when they are due, in the order of their deadlines, on the one tick of the host, and before that by no
 * more than its ticks were early.
 */
export function timersAreInOrder(host: LightHost, steps: readonly TimerStep[]): void {
  const scribe = new Scribe();
  const happened: number[] = [];
  host.state.onReport = (report) => happened.push(...scribe.read(report).step.operands.map(slotOf));
  host.configure();
  host.openStream(stream);
  const model = new TimerModel();
  for (const step of steps) {
    happened.length = 0;
    agree("what happened", happened, step.kind === "pass" ? passed(step) : told(step));
  }

  function passed(step: Pass): number[] {
    return model.pass(step.ms, pass(host, step));
  }

  function told(step: Exclude<TimerStep, Pass>): number[] {
    tell(host, scribe, step);
    return model.take(step);
  }
}

function slotOf(operand: Step["operands"][number]): number {
  return typeof operand === "object" && "model" in operand ? Number(operand.model) : -1;
}

function tell(host: LightHost, scribe: Scribe, step: Exclude<TimerStep, { kind: "pass" }>): void {
  const timer = { code: step.slot };
  const then = { first: [{ model: String(step.slot) }], steps: [] };
  const operands = step.kind === "CancelTimer" ? [timer] : [step.ms, timer, then];
  host.state.properties.set("script", `\0${scribe.script([{ op: `Plugin.${step.kind}`, operands }])}`);
  host.call("proxy_on_request_headers", stream, 0, 1);
}

/** Time passes, and the host ticks once when its period is over, be it late; how early the tick was, null without one. */
function pass(host: LightHost, { ms, earlyMs }: Pass): number | null {
  const { state } = host;
  state.nowNanos += BigInt(ms * nanosPerMs);
  const leftMs = Number(state.tickSetNanos - state.nowNanos) / nanosPerMs + state.tickMs;
  if (state.tickMs === 0 || leftMs > earlyMs) return null;
  host.call("proxy_on_tick", 1);
  return Math.max(leftMs, 0);
}

class TimerModel {
  private now = 0;
  /** By how much ticks were early. */
  private early = 0;
  /** The earliest first; of those that are due at the same time, the one that was set first. */
  private due: Due[] = [];

  take(step: Exclude<TimerStep, Pass>): number[] {
    this.due = this.due.filter(({ slot }) => slot !== step.slot);
    if (step.kind === "CancelTimer") return [];
    const period = step.kind === "Every" ? Math.max(step.ms, 1) : 0;
    this.set({ slot: step.slot, at: this.now + Math.max(step.ms, 1), period });
    return [];
  }

  /** What is due is so without a tick, too: there has to be one. */
  pass(ms: number, earlyMs: number | null): number[] {
    this.now += ms;
    this.early = Math.max(this.early, Math.min(earlyMs ?? 0, mostEarlyMs));
    const end = this.now + (earlyMs === null ? 0 : this.early);
    const happened: number[] = [];
    for (let next = this.due[0]; next !== undefined && next.at <= end; next = this.due[0]) {
      this.due.shift();
      happened.push(next.slot);
      const missed = Math.floor((end - next.at) / next.period);
      if (next.period > 0) this.set({ ...next, at: next.at + (missed + 1) * next.period });
    }
    return happened;
  }

  private set(timer: Due): void {
    this.due = [...this.due, timer].sort((left, right) => left.at - right.at);
  }
}
