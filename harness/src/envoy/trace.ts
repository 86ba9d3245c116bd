import { Assembly, type Values } from "../transcript/assembly.ts";
import type { Transcript, TranscriptEntry, TranscriptSource, TranscriptValue } from "../transcript/entry.ts";
import { isRange, positionOf, signatures, type Parameter, type Signature } from "../transcript/signature.ts";
import { transcriptOf } from "../transcript/transcript.ts";
import { longValue, resultOf, valueOf } from "../transcript/values.ts";
import type { LogLine } from "./log-line.ts";

/** How many lines are kept at least; as many again may be. */
const keptLines = 200_000;

const crossing = /^\[(host->vm|vm->host|host<-vm|vm<-host)\] (?:\w+\.)?(\w+)(?:\((.*)\)| return: (.*))$/;
const failure = /^Function: (\S+) failed: (?:Uncaught \w*Error: )?(.*)/;

/** A line that says something of a call across the ABI. */
interface Crossing {
  readonly line: LogLine;
  /** Null when a call of this name, a callback, has failed. */
  readonly signature: Signature | null;
  readonly name: string;
  /** What was passed; null when it is not the beginning of a call. */
  readonly given: string | null;
  /** What was returned, or why it failed. */
  readonly outcome: string;
}

/** What Envoy's log at level trace says of calls across the ABI. */
export class Trace {
  private lines: Crossing[] = [];
  private dropped = 0;
  private calls = 0;
  private hostCalls = 0;
  private beganMs = Date.now();

  /** Forgets what was said so far. */
  begin(): void {
    this.lines = [];
    [this.dropped, this.calls, this.hostCalls] = [0, 0, 0];
    this.beganMs = Date.now();
  }

  add(line: LogLine): void {
    const said = crossingIn(line);
    if (said === null) return;
    this.lines.push(said);
    if (said.given !== null) this.calls++;
    if (said.given !== null && said.signature?.kind === "host_call") this.hostCalls++;
    if (this.lines.length > 2 * keptLines) this.drop();
  }

  snapshot(): TranscriptSource {
    const { lines, calls, hostCalls, dropped, beganMs } = this;
    const end = lines.length;
    return {
      calls,
      hostCalls,
      since: (first) => entriesOf(lines.slice(0, end), { beganMs, dropped, first }),
    };
  }

  /** Those who have a snapshot keep the lines that were there. */
  private drop(): void {
    const gone = this.lines.slice(0, keptLines);
    this.dropped += gone.filter(({ given }) => given !== null).length;
    this.lines = this.lines.slice(keptLines);
  }
}

/** Null for every other line, and for what is neither a callback nor a call that the filter made: the guest's allocator. */
function crossingIn(line: LogLine): Crossing | null {
  const [, direction, name, given, returned] = crossing.exec(line.text) ?? [];
  if (direction === undefined || name === undefined) return failureIn(line);
  const signature = signatures[positionOf(name) ?? -1] ?? null;
  const kind = direction === "host->vm" || direction === "host<-vm" ? "callback" : "host_call";
  if (signature === null || signature.kind !== kind) return null;
  return { line, signature, name, given: given ?? null, outcome: returned ?? "" };
}

function failureIn(line: LogLine): Crossing | null {
  const [, name, reason = ""] = failure.exec(line.text) ?? [];
  return name === undefined ? null : { line, signature: null, name, given: null, outcome: reason };
}

interface Reading {
  readonly beganMs: number;
  /** Calls that began before the lines. */
  readonly dropped: number;
  /** The first call that is wanted. */
  readonly first: number;
}

function entriesOf(lines: readonly Crossing[], { beganMs, dropped, first }: Reading): Transcript {
  const entries: TranscriptEntry[] = [];
  const threads = new Map<string, Thread>();
  for (const said of lines) {
    const thread = threads.get(said.line.thread) ?? new Thread(entries, beganMs);
    threads.set(said.line.thread, thread);
    thread.add(said);
  }
  return transcriptOf(entries.slice(Math.max(0, first - dropped)), Math.max(0, dropped - first));
}

/** A worker, or the main thread: its calls nest, and others may come between their lines. */
class Thread {
  private readonly assembly: Assembly;
  private readonly beganMs: number;
  /** The context that the running callback has asked for, and got. */
  private effective: number | null = null;
  private asked = 0;

  constructor(entries: TranscriptEntry[], beganMs: number) {
    this.assembly = new Assembly(entries);
    this.beganMs = beganMs;
  }

  add({ line, signature, name, given, outcome }: Crossing): void {
    if (signature === null) this.assembly.trapIn(name, outcome);
    else if (given === null) this.end(signature, outcome);
    else this.begin(line, signature, valuesIn(signature, given));
  }

  private begin(line: LogLine, signature: Signature, given: Values): void {
    const isCallback = signature.kind === "callback";
    if (isCallback) this.effective = null;
    const { context } = given;
    if (signature.name === setsContext) this.asked = Number(context);
    const contextId = isCallback ? Number(context) : (this.effective ?? this.assembly.contextId);
    const timeNanos = line.seconds === 0 ? 0 : (1e3 * line.seconds - this.beganMs) * 1e6 + line.nanos;
    this.assembly.begin({ signature, plugin: "", contextId, timeNanos, arguments: given });
  }

  private end(signature: Signature, outcome: string): void {
    if (signature.name === setsContext && outcome === "0") this.effective = this.asked;
    this.assembly.end(signature, returned(signature, outcome));
  }
}

const setsContext = "proxy_set_effective_context";

function returned(signature: Signature, outcome: string): TranscriptEntry["result"] {
  return outcome === "void" ? null : resultOf(signature.result, Number(outcome));
}

/** The numbers in `2, 8, 0`; what an address leads to is not there. */
function valuesIn({ parameters }: Signature, given: string): Values {
  const numbers = given === "" ? [] : given.split(", ");
  const values = parameters
    .filter(({ slot, isOutput, type }) => slot < numbers.length && !isOutput && type !== "pointer")
    .map((parameter) => [parameter.name, valueIn(parameter, numbers)] as const);
  return Object.fromEntries(values);
}

function valueIn(parameter: Parameter, numbers: readonly string[]): TranscriptValue {
  const [first = "", second = ""] = numbers.slice(parameter.slot);
  if (isRange(parameter)) return { byteLength: Number(second) >>> 0 };
  return parameter.type === "long"
    ? longValue(BigInt.asIntN(64, BigInt(first)))
    : valueOf(parameter.type, Number(first) | 0);
}
