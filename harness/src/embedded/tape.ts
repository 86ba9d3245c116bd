import type { TranscriptSource } from "../transcript/entry.ts";
import { isRange, signatures, type Parameter } from "../transcript/signature.ts";
import { keptBytes } from "../transcript/values.ts";
import type { GuestMemory } from "./memory.ts";
import { absent, behindPlugin, Mark, Reel } from "./reel.ts";
import { TapeSource } from "./tape-source.ts";
import type { VirtualClock } from "./virtual-clock.ts";

/** Who calls or is called: a VM. */
export interface Caller {
  readonly context: { readonly id: number } | null;
  readonly plugin: string;
  /** Where it lives; its name is "" where there are no threads. */
  readonly place: { readonly name: string };
  readonly memory: GuestMemory;
}

/** The numbers of a call; an i64 is a bigint. */
export type Numbers = ReadonlyArray<number | bigint>;

/** What is copied of a call. */
interface Copied {
  readonly isHostCall: boolean;
  readonly inputs: ReadonlyArray<{ readonly slot: number; readonly limit: number }>;
  readonly outputs: readonly Parameter[];
  /** What a record of it takes at most. */
  readonly words: number;
}

const headWords = 64;
const copied: readonly Copied[] = signatures.map(({ kind, parameters }) => {
  const ranges = parameters.filter(isRange);
  return {
    isHostCall: kind === "host_call",
    inputs: ranges
      .filter(({ isOutput }) => !isOutput)
      .map(({ slot, type }) => ({ slot, limit: keptBytes(type) })),
    outputs: parameters.filter(({ isOutput }) => isOutput),
    words: ranges.reduce((sum, { type }) => sum + keptBytes(type) / 4, headWords),
  };
});

/**
 * What crosses the ABI, as numbers and copied bytes, in the last one or two reels: an object for each call would cost more
 * than the call. `TapeSource` makes entries of it once somebody reads them.
 */
export class Tape {
  /** How many calls are under way. */
  depth = 0;
  private readonly clock: VirtualClock;
  private before: Reel | null = null;
  private reel = new Reel();
  private calls = 0;
  private hostCalls = 0;
  private readonly plugins: string[] = [];
  private lastPlugin = 0;
  private readonly reasons: string[] = [];

  constructor(clock: VirtualClock) {
    this.clock = clock;
  }

  /** A call begins, whose signature has this position. */
  begin(position: number, numbers: Numbers, caller: Caller): void {
    const call = copied[position];
    if (call === undefined) return;
    const reel = this.withRoom(call.words);
    reel.calls++;
    this.calls++;
    if (call.isHostCall) this.hostCalls++;
    reel.add(Mark.Begin | (position << 2));
    reel.add(this.depth++);
    reel.add(caller.context?.id ?? 0);
    reel.add(this.pluginNumber(caller));
    reel.addLong(this.clock.elapsedNanos());
    const { length } = numbers;
    reel.add(length);
    for (let i = 0; i < length; i++) {
      const number = numbers[i] ?? 0;
      if (typeof number === "number") reel.add(number);
      else reel.addBigInt(number);
    }
    for (const { slot, limit } of call.inputs)
      reel.addRange(caller.memory, Number(numbers[slot]), Number(numbers[slot + 1]), limit);
  }

  /** It returns; what the host wrote is read when it answered 0, `Ok`. */
  end(position: number, result: number, numbers: Numbers, { memory }: Caller): void {
    const call = copied[position];
    if (call === undefined) return;
    const reel = this.withRoom(call.words);
    this.depth--;
    reel.add(Mark.End | (position << 2));
    reel.add(result);
    if (result !== 0) return;
    for (const output of call.outputs) addOutput(reel, output, numbers, memory);
  }

  /** The calls from this depth on end in a trap. */
  trap(depth: number, reason: string): void {
    const reel = this.withRoom(headWords);
    this.depth = depth;
    reel.add(Mark.Trap);
    reel.add(depth);
    const known = this.reasons.indexOf(reason);
    reel.add(known >= 0 ? known : this.reasons.push(reason) - 1);
  }

  /** All that is recorded so far. */
  snapshot(): TranscriptSource {
    const { before, reel, calls, hostCalls, plugins, reasons } = this;
    const reels = (before === null ? [reel] : [before, reel]).map((each) => each.snapshot());
    return new TapeSource({ reels, calls, hostCalls, plugins, reasons });
  }

  private withRoom(words: number): Reel {
    if (!this.reel.hasRoom(words)) {
      [this.before, this.reel] = [this.reel, this.before?.renewed() ?? new Reel()];
    }
    return this.reel;
  }

  private pluginNumber({ plugin, place }: Caller): number {
    const name = place.name === "" ? plugin : `${plugin}${behindPlugin}${place.name}`;
    if (this.plugins[this.lastPlugin] === name) return this.lastPlugin;
    const known = this.plugins.indexOf(name);
    this.lastPlugin = known >= 0 ? known : this.plugins.push(name) - 1;
    return this.lastPlugin;
  }
}

function addOutput(reel: Reel, { type, slot }: Parameter, numbers: Numbers, memory: GuestMemory): void {
  const address = Number(numbers[slot]);
  const next = Number(numbers[slot + 1]);
  if (type === "room") reel.addRange(memory, address, next, keptBytes(type));
  else if (type === "bytes" || type === "pairs") {
    const length = address === 0 ? absent : memory.readU32(next);
    reel.addRange(memory, memory.readU32(address), length, keptBytes(type));
  } else {
    reel.add(memory.readU32(address));
    if (type === "long") reel.add(memory.readU32(address + 4));
  }
}
