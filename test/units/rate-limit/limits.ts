import { type Guest, loadModule } from "../../sdk/compile.ts";

/** The algorithms of the rate limiter, as compiled: 64-bit numbers are bigints. */
export interface Limits {
  startPaced(requests: number, windowNanos: bigint, burst: number): void;
  startWindow(requests: number, windowNanos: bigint): void;
  waitNanos(now: bigint, units: number): bigint;
  remaining(now: bigint): number;
  growsInNanos(now: bigint): bigint;
  take(now: bigint, units: number): void;
  giveBack(now: bigint, takenAt: bigint, units: number): void;
  fresh(): bigint;
}

export const second = 1_000_000_000n;

/** Compiles and loads them. */
export async function loadLimits(): Promise<Limits> {
  const guest: Guest<Limits> = await loadModule<Limits>("rate-limits");
  return guest.call;
}

/** Takes units if they are there. */
export function ask(limits: Limits, now: bigint, units = 1): boolean {
  const isAdmitted = limits.waitNanos(now, units) === 0n;
  if (isAdmitted) limits.take(now, units);
  return isAdmitted;
}
