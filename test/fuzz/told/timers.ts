import fc from "fast-check";
import type { LightHost } from "../host/light-host.ts";
import { Scribe, type Step } from "./steps.ts";
import { agree } from "./world.ts";

const nanosPerMs = 1_000_000;
const stream = 2;

/** What happens to timers: one is set or taken back, or time passes. */
export type TimerStep =
  | { readonly kind: "After" | "Every"; readonly slot: number; readonly ms: number }
  | { readonly kind: "CancelTimer"; readonly slot: number }
  | { readonly kind: "pass"; readonly ms: number };

const slot = fc.nat({ max: 3 });
const ms = fc.oneof(
  { weight: 5, arbitrary: fc.nat({ max: 20 }) },
  { weight: 1, arbitrary: fc.nat({ max: 5_000 }) },
);

/** Ten of them. */
export const timerSteps: fc.Arbitrary<TimerStep[]> = fc.array(
  fc.oneof(
    {
      weight: 3,
      arbitrary: fc.record({ kind: fc.constantFrom("After" as const, "Every" as const), slot, ms }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("CancelTimer" as const), slot }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant("pass" as const), ms }) },
  ),
  { minLength: 10, maxLength: 10 },
);

interface Due {
  readonly slot: number;
  readonly at: number;
  readonly period: number;
}

/** Timers happen when they are due, not before, in the order of their deadlines, on the one tick of the host. */
export function timersAreInOrder(host: LightHost, steps: readonly TimerStep[]): void {
  const scribe = new Scribe();
  const happened: number[] = [];
  host.state.onReport = (report) => happened.push(...scribe.read(report).step.operands.map(slotOf));
  host.configure();
  host.openStream(stream);
  const model = new TimerModel();
  for (const step of steps) {
    happened.length = 0;
    if (step.kind === "pass") pass(host, step.ms);
    else tell(host, scribe, step);
    agree("what happened", happened, model.take(step));
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

/** Time passes, and the host ticks once when its period is over, be it late. */
function pass(host: LightHost, ms: number): void {
  const { state } = host;
  state.nowNanos += BigInt(ms * nanosPerMs);
  const isOver = state.nowNanos - state.tickSetNanos >= BigInt(state.tickMs * nanosPerMs);
  if (state.tickMs > 0 && isOver) host.call("proxy_on_tick", 1);
}

class TimerModel {
  private now = 0;
  /** The earliest first; of those that are due at the same time, the one that was set first. */
  private due: Due[] = [];

  take(step: TimerStep): number[] {
    if (step.kind === "pass") return this.pass(step.ms);
    this.due = this.due.filter(({ slot }) => slot !== step.slot);
    if (step.kind === "CancelTimer") return [];
    const period = step.kind === "Every" ? Math.max(step.ms, 1) : 0;
    this.set({ slot: step.slot, at: this.now + Math.max(step.ms, 1), period });
    return [];
  }

  private pass(ms: number): number[] {
    this.now += ms;
    const happened: number[] = [];
    for (let next = this.due[0]; next !== undefined && next.at <= this.now; next = this.due[0]) {
      this.due.shift();
      happened.push(next.slot);
      const again = next.at + next.period;
      if (next.period > 0) this.set({ ...next, at: again > this.now ? again : this.now + next.period });
    }
    return happened;
  }

  private set(timer: Due): void {
    this.due = [...this.due, timer].sort((left, right) => left.at - right.at);
  }
}
