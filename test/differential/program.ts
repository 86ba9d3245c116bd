import { callbackNames, hostCallNames, hostCalls, type Callback, type HostCall } from "./host-calls.ts";
import {
  endOfCallback,
  outBytesAt,
  outLongAt,
  outNumbersAt,
  programAt,
  programLimit,
  trap,
} from "./player.ts";

/** A number that an earlier host call was answered: a token, or a metric's id. */
export interface Slot {
  readonly slot: number;
}

/** Names and values, as text or as the bytes of the map, which may be anything. */
export type Pairs = ReadonlyArray<readonly [name: string, value: string]> | Uint8Array;

/** What a guest passes in the place of a letter of the call. */
export type Argument = number | Slot | string | Uint8Array | Pairs;

/** A host call that a program makes; `keep` is the slot in which its first number stays. */
export interface Step {
  readonly call: HostCall;
  readonly with: readonly Argument[];
  readonly keep?: number;
}

/** What a callback does, and returns; `traps` in its place. */
export interface Part {
  readonly steps: readonly Step[];
  readonly returns?: number;
  readonly traps?: boolean;
}

/** What a guest does the first time that a callback is made; null for each later time, unless it says something else. */
export type Program = Partial<Readonly<Record<Callback, Part | readonly [first: Part, later: Part]>>>;

/** A program as the guest reads it. */
export interface Assembled {
  readonly bytes: Uint8Array;
  /** The steps by the addresses that the guest logs. */
  readonly steps: ReadonlyMap<number, Step>;
}

const trash = 31;
/** Of a parameter in an instruction. */
const argumentWords = 3;

/** A program in the guest's words. Refused when it is longer than the guest has room for. */
export function assembled(program: Program): Assembled {
  const tableSize = callbackNames.length * 8;
  const code = new Code(programAt + tableSize);
  const table = new DataView(new ArrayBuffer(tableSize));
  callbackNames.forEach((name, i) => {
    const part = program[name];
    if (part === undefined) return;
    const [first, later] = "steps" in part ? [part, { steps: [] }] : part;
    table.setUint32(i * 8, code.add(first), true);
    table.setUint32(i * 8 + 4, later.steps.length === 0 && !("returns" in later) ? 0 : code.add(later), true);
  });
  const bytes = Buffer.concat([new Uint8Array(table.buffer), code.finish()]);
  if (bytes.length > programLimit)
    throw new RangeError(`the program has ${bytes.length} bytes of ${programLimit}`);
  return { bytes, steps: code.steps };
}

/** Instructions, and behind them the bytes that they pass. */
class Code {
  readonly steps = new Map<number, Step>();
  private readonly words: number[] = [];
  private readonly data = new Data();
  /** The words that are addresses in the data: these are known when there are no more instructions. */
  private readonly addresses: number[] = [];
  private readonly begin: number;

  constructor(begin: number) {
    this.begin = begin;
  }

  /** Where it begins. */
  add({ steps, returns = 0, traps = false }: Part): number {
    const start = this.end;
    for (const step of steps) this.addStep(step);
    this.words.push(traps ? trap : endOfCallback, returns);
    return start;
  }

  finish(): Uint8Array {
    const dataAt = this.end;
    for (const word of this.addresses) this.words[word] = (this.words[word] ?? 0) + dataAt;
    return Buffer.concat([new Uint8Array(Uint32Array.from(this.words).buffer), this.data.at(dataAt)]);
  }

  private get end(): number {
    return this.begin + this.words.length * 4;
  }

  private addStep(step: Step): void {
    this.steps.set(this.end, step);
    const count = this.words.push(hostCallNames.indexOf(step.call), step.keep ?? trash, 0) - 1;
    const given = [...step.with];
    const numbers = [...outNumbersAt];
    for (const letter of hostCalls[step.call]) {
      if (letter === "o") this.values(outBytesAt, outBytesAt + 4);
      else if (letter === "u") this.values(numbers.shift() ?? 0);
      else if (letter === "U") this.values(outLongAt);
      else this.pass(letter, given.shift() ?? 0);
    }
    this.words[count] = (this.words.length - count - 1) / argumentWords;
  }

  private pass(letter: string, argument: Argument): void {
    if (typeof argument === "object" && "slot" in argument) this.words.push(1, argument.slot, 0);
    else if (typeof argument !== "number") this.passBytes(letter, encoded(argument));
    else if (letter === "n" || letter === "l") this.values(argument);
    else this.values(argument, 1); // an address, which may be anywhere
  }

  private passBytes(letter: string, bytes: Uint8Array): void {
    const at = this.data.add(bytes);
    this.addresses.push(this.words.length + 1);
    this.values(
      letter === "v" ? this.data.addVector(at, bytes.length) : at,
      letter === "v" ? 1 : bytes.length,
    );
  }

  private values(...values: readonly number[]): void {
    for (const value of values) this.words.push(0, value >>> 0, Math.floor(value / 2 ** 32) >>> 0);
  }
}

/** What instructions refer to, by places that count from its begin. */
class Data {
  private readonly parts: Uint8Array[] = [];
  private readonly vectors: DataView[] = [];
  private length = 0;

  add(bytes: Uint8Array): number {
    const start = this.length;
    const padded = new Uint8Array(Math.ceil(bytes.length / 8) * 8);
    padded.set(bytes);
    this.parts.push(padded);
    this.length += padded.length;
    return start;
  }

  /** An iovec of one buffer. */
  addVector(at: number, length: number): number {
    const start = this.add(new Uint8Array(8));
    const vector = new DataView(this.parts.at(-1)?.buffer ?? new ArrayBuffer(8));
    vector.setUint32(0, at, true);
    vector.setUint32(4, length, true);
    this.vectors.push(vector);
    return start;
  }

  /** All of it, at this address. */
  at(address: number): Uint8Array {
    for (const vector of this.vectors) vector.setUint32(0, vector.getUint32(0, true) + address, true);
    return Buffer.concat(this.parts);
  }
}

function encoded(argument: string | Uint8Array | Pairs): Uint8Array {
  if (typeof argument === "string") return Buffer.from(argument, "latin1");
  return argument instanceof Uint8Array ? argument : encodedPairs(argument);
}

/** As the ABI has pairs: their number, the lengths of each, and each name and value with a NUL behind it. */
function encodedPairs(pairs: ReadonlyArray<readonly [string, string]>): Uint8Array {
  const lengths = pairs.flatMap(([name, value]) => [name.length, value.length]);
  const text = pairs.map(([name, value]) => `${name}\0${value}\0`).join("");
  return Buffer.concat([
    new Uint8Array(Uint32Array.of(pairs.length, ...lengths).buffer),
    Buffer.from(text, "latin1"),
  ]);
}
