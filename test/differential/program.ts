import { crossingsOf, hostCallNames, moments, type Crossing, type HostCall, type Moment } from "./abi.ts";
import {
  codeAt,
  endOfMoment,
  Meaning,
  momentsAt,
  outBytesAt,
  outLongAt,
  outNumbersAt,
  trap,
} from "./layout.ts";

/** A number that an earlier host call was answered: a token, or a metric's id. */
export interface Slot {
  readonly slot: number;
}

/** Names and values, as text or as the bytes of the map, which may be anything. */
export type Pairs = ReadonlyArray<readonly [name: string, value: string]> | Uint8Array;

/** What a guest passes to a host call; a number in the place of bytes is their address, with no length. */
export type Argument = number | Slot | string | Uint8Array | Pairs;

/** A host call that a program makes; `keep` is the slot in which its first number stays. */
export interface Step {
  readonly call: HostCall;
  readonly with: readonly Argument[];
  readonly keep?: number;
}

/** What is done in a callback, and returned; `traps` in its place. */
export interface Part {
  readonly steps: readonly Step[];
  readonly returns?: number;
  readonly traps?: boolean;
}

/** What a guest does the first time that a moment comes; nothing each later time, unless it says something else. */
export type Program = Partial<Readonly<Record<Moment, Part | readonly [first: Part, later: Part]>>>;

/** A program as the guest reads it. */
export interface Assembled {
  readonly bytes: Uint8Array;
  /** The steps by the addresses that the guest logs. */
  readonly steps: ReadonlyMap<number, Step>;
}

/** The slot of what nobody keeps. */
const trash = 31;
/** Of a parameter in an instruction. */
const argumentWords = 3;

/** All that a program does, whenever that is. */
export function partsOf(program: Program): Part[] {
  return Object.values(program).flatMap((part) => ("steps" in part ? [part] : part));
}

/** A program in the guest's words; `player` is the number by which its lines are told from those of others. */
export function assembled(program: Program, player = 0): Assembled {
  const code = new Code();
  const head = new DataView(new ArrayBuffer(codeAt));
  head.setUint32(0, player, true);
  moments.forEach((moment, i) => {
    const part = program[moment];
    if (part === undefined) return;
    const [first, later] = "steps" in part ? [part, { steps: [] }] : part;
    const isDoneLater = later.steps.length > 0 || "returns" in later;
    head.setUint32(momentsAt + i * 8, code.add(first), true);
    head.setUint32(momentsAt + i * 8 + 4, isDoneLater ? code.add(later) : 0, true);
  });
  return { bytes: Buffer.concat([new Uint8Array(head.buffer), code.finish()]), steps: code.steps };
}

/** Instructions, and behind them the bytes that they pass. */
class Code {
  readonly steps = new Map<number, Step>();
  private readonly words: number[] = [];
  private readonly data: Uint8Array[] = [];
  private dataLength = 0;
  /** The words that are addresses in the data: these are known when there are no more instructions. */
  private readonly addresses: number[] = [];

  /** Where it begins. */
  add({ steps, returns = 0, traps = false }: Part): number {
    const start = this.end;
    for (const step of steps) this.addStep(step);
    this.words.push(traps ? trap : endOfMoment, returns);
    return start;
  }

  finish(): Uint8Array {
    const dataAt = this.end;
    for (const word of this.addresses) this.words[word] = (this.words[word] ?? 0) + dataAt;
    return Buffer.concat([new Uint8Array(Uint32Array.from(this.words).buffer), ...this.data]);
  }

  private get end(): number {
    return codeAt + this.words.length * 4;
  }

  private addStep(step: Step): void {
    this.steps.set(this.end, step);
    const count = this.words.push(hostCallNames.indexOf(step.call), step.keep ?? trash, 0) - 1;
    const given = [...step.with];
    const numbers = [...outNumbersAt];
    for (const crossing of crossingsOf(step.call)) {
      if (crossing === "bytesOut") this.values(outBytesAt, outBytesAt + 4);
      else if (crossing === "numberOut") this.values(numbers.shift() ?? 0);
      else if (crossing === "longOut") this.values(outLongAt);
      else if (crossing === "room") this.values(number(given.shift()), number(given.shift()));
      else if (crossing === "vector" && typeof given[0] === "number")
        this.values(number(given.shift()), number(given.shift() ?? 1));
      else this.pass(crossing, given.shift() ?? 0);
    }
    this.words[count] = (this.words.length - count - 1) / argumentWords;
  }

  private pass(crossing: Crossing, argument: Argument): void {
    if (typeof argument === "object" && "slot" in argument) this.words.push(Meaning.slot, argument.slot, 0);
    else if (typeof argument !== "number") this.passBytes(crossing, encoded(argument));
    else if (crossing === "number" || crossing === "long") this.values(argument);
    else this.values(argument, 1); // an address, which may be anywhere
  }

  private passBytes(crossing: Crossing, bytes: Uint8Array): void {
    this.addresses.push(this.words.length + 1);
    const isVector = crossing === "vector";
    const at = this.addBytes(bytes);
    this.words.push(isVector ? Meaning.vector : Meaning.address, at, isVector ? bytes.length : 0);
    this.values(isVector ? 1 : bytes.length);
  }

  /** Where in the data they are. */
  private addBytes(bytes: Uint8Array): number {
    const start = this.dataLength;
    const padded = new Uint8Array(Math.ceil(bytes.length / 8) * 8);
    padded.set(bytes);
    this.data.push(padded);
    this.dataLength += padded.length;
    return start;
  }

  private values(...values: readonly number[]): void {
    for (const value of values)
      this.words.push(Meaning.value, value >>> 0, Math.floor(value / 2 ** 32) >>> 0);
  }
}

function number(argument: Argument | undefined): number {
  return typeof argument === "number" ? argument : 0;
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
