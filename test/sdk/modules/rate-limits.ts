import { Algorithm, freshFrom } from "../../../filters/rate-limit/algorithms/algorithm";
import { BurstAtAPace } from "../../../filters/rate-limit/algorithms/burst-at-a-pace";
import { Pace } from "../../../filters/rate-limit/algorithms/pace";
import { SlidingWindow } from "../../../filters/rate-limit/algorithms/sliding-window";

let algorithm: Algorithm = new SlidingWindow(1, 1);
let state: usize = 0;

export function startPaced(requests: u32, windowNanos: u64, burst: u32): void {
  start(new BurstAtAPace(new Pace(requests, windowNanos), burst));
}

export function startWindow(requests: u32, windowNanos: u64): void {
  start(new SlidingWindow(requests, windowNanos));
}

function start(chosen: Algorithm): void {
  if (state != 0) heap.free(state);
  algorithm = chosen;
  state = heap.alloc(algorithm.stateLength);
  memory.fill(state, 0, algorithm.stateLength);
}

export function waitNanos(now: u64, units: u32): u64 {
  return algorithm.waitNanos(state, now, units);
}

export function remaining(now: u64): u32 {
  return algorithm.remaining(state, now);
}

export function growsInNanos(now: u64): u64 {
  return algorithm.growsInNanos(state, now);
}

export function take(now: u64, units: u32): void {
  algorithm.take(state, now, units);
}

export function giveBack(now: u64, takenAt: u64, units: u32): void {
  algorithm.giveBack(state, now, takenAt, units);
}

export function fresh(): u64 {
  return freshFrom(state);
}
