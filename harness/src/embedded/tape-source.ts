import { Assembly, type Values } from "../transcript/assembly.ts";
import type { Transcript, TranscriptEntry, TranscriptSource, TranscriptValue } from "../transcript/entry.ts";
import { isRange, signatures, type Parameter, type Signature } from "../transcript/signature.ts";
import { transcriptOf } from "../transcript/transcript.ts";
import { keptBytes, longValue, rangeValue, resultOf, valueOf } from "../transcript/values.ts";
import { absent, behindPlugin, Mark, type Recorded } from "./reel.ts";

/** What a tape has up to a moment. */
interface Recording {
  readonly reels: readonly Recorded[];
  readonly calls: number;
  readonly hostCalls: number;
  readonly plugins: readonly string[];
  readonly reasons: readonly string[];
}

/** Makes entries of what is on a tape, when they are asked for. */
export class TapeSource implements TranscriptSource {
  readonly calls: number;
  readonly hostCalls: number;
  private readonly recording: Recording;

  constructor(recording: Recording) {
    this.calls = recording.calls;
    this.hostCalls = recording.hostCalls;
    this.recording = recording;
  }

  since(calls: number): Transcript {
    const { reels, plugins, reasons } = this.recording;
    const entries: TranscriptEntry[] = [];
    const assembly = new Assembly(entries);
    for (const reel of reels) new ReelReader(reel, plugins, reasons).readInto(assembly);
    const lost = this.calls - entries.length;
    return transcriptOf(entries.slice(Math.max(0, calls - lost)), Math.max(0, lost - calls));
  }
}

class ReelReader {
  private readonly reel: Recorded;
  private readonly plugins: readonly string[];
  private readonly reasons: readonly string[];
  private at = 0;

  constructor(reel: Recorded, plugins: readonly string[], reasons: readonly string[]) {
    this.reel = reel;
    this.plugins = plugins;
    this.reasons = reasons;
  }

  readInto(assembly: Assembly): void {
    while (this.at < this.reel.used) {
      const head = this.next();
      const mark = head & 3;
      const signature = signatures[head >> 2];
      if (mark === Mark.Trap) assembly.trapAt(this.next(), this.reasons[this.next()] ?? "");
      else if (signature !== undefined && mark === Mark.Begin) this.begin(signature, assembly);
      else if (signature !== undefined) this.end(signature, assembly);
    }
  }

  private begin(signature: Signature, assembly: Assembly): void {
    const depth = this.next();
    const id = this.next();
    const [plugin = "", thread] = (this.plugins[this.next()] ?? "").split(behindPlugin);
    const timeNanos = this.next() * 2 ** 32 + (this.next() >>> 0);
    const given = this.values(signature);
    const contextId = id === 0 ? null : id;
    const call = { signature, plugin, contextId, timeNanos, arguments: given };
    assembly.begin(thread === undefined ? call : { ...call, thread }, depth);
  }

  /** What was passed: all numbers first, and then the bytes of ranges. */
  private values({ parameters }: Signature): Values {
    const slots = this.next();
    const passed = parameters.filter(({ slot }) => slot < slots);
    const numbers = passed.map((parameter) => this.numberOf(parameter));
    const values = passed.flatMap((parameter, i): Array<[string, TranscriptValue | null]> => {
      if (parameter.isOutput || parameter.type === "pointer") return [];
      return [[parameter.name, isRange(parameter) ? this.range(parameter.type) : (numbers[i] ?? null)]];
    });
    return known(values);
  }

  private numberOf(parameter: Parameter): TranscriptValue {
    if (parameter.type === "long" && !parameter.isOutput) return longValue(this.nextHighFirst());
    const first = this.next();
    if (isRange(parameter)) this.next();
    return valueOf(parameter.type, first);
  }

  private end(signature: Signature, assembly: Assembly): void {
    const result = this.next();
    const outputs = signature.parameters.filter(({ isOutput }) => isOutput && result === 0);
    const values = outputs.map(({ name, type }): [string, TranscriptValue | null] => [
      name,
      this.output(type),
    ]);
    assembly.end(signature, resultOf(signature.result, result), known(values));
  }

  private output(type: string): TranscriptValue | null {
    if (["bytes", "pairs", "room"].includes(type)) return this.range(type);
    return type === "long" ? longValue(this.nextLowFirst()) : valueOf(type, this.next());
  }

  private range(type: string): TranscriptValue | null {
    const length = this.next();
    if (length === absent) return null;
    const kept = Math.min(length >>> 0, keptBytes(type));
    const start = 4 * this.at;
    this.at += (kept + 3) >> 2;
    return rangeValue(type, this.reel.bytes.subarray(start, start + kept), length >>> 0);
  }

  private next(): number {
    return this.reel.words[this.at++] ?? 0;
  }

  private nextHighFirst(): bigint {
    return (BigInt(this.next()) << 32n) | BigInt(this.next() >>> 0);
  }

  private nextLowFirst(): bigint {
    return BigInt(this.next() >>> 0) | (BigInt(this.next() >>> 0) << 32n);
  }
}

function known(values: ReadonlyArray<readonly [string, TranscriptValue | null]>): Values {
  return Object.fromEntries(values.filter((entry): entry is [string, TranscriptValue] => entry[1] !== null));
}
