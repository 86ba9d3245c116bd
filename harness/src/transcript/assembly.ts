import type { TranscriptEntry, TranscriptValue } from "./entry.ts";
import type { Signature } from "./signature.ts";

/** Values by their names. */
export type Values = Readonly<Record<string, TranscriptValue>>;

/** A call as it begins. */
export interface Begun {
  readonly signature: Signature;
  readonly plugin: string;
  readonly thread?: string;
  readonly contextId: number | null;
  readonly timeNanos: number;
  readonly arguments: Values;
}

type Open = { -readonly [K in keyof TranscriptEntry]: TranscriptEntry[K] };

/** Makes entries of calls that begin, return and trap on one thread; of a call that began before, nothing is known. */
export class Assembly {
  private readonly entries: Open[];
  private readonly open: Open[] = [];

  /** The entries are added to `entries`, which several threads may share. */
  constructor(entries: TranscriptEntry[]) {
    this.entries = entries;
  }

  /** The context of the innermost call. */
  get contextId(): number | null {
    return this.open.at(-1)?.contextId ?? null;
  }

  begin(
    { signature, plugin, thread, contextId, timeNanos, arguments: given }: Begun,
    depth = this.open.length,
  ): void {
    const { kind, name } = signature;
    const outcome = { outputs: {}, result: null, trap: null };
    const where = thread === undefined ? { plugin } : { plugin, thread };
    const entry = { kind, name, ...where, contextId, arguments: given, ...outcome, timeNanos, depth };
    this.entries.push(entry);
    this.open.push(entry);
  }

  /** The innermost call returns, when it is this one. */
  end({ name }: Signature, result: TranscriptEntry["result"], outputs: Values = {}): void {
    if (this.open.at(-1)?.name === name) Object.assign(this.open.pop() ?? {}, { result, outputs });
  }

  /** The calls from this depth on end in a trap. */
  trapAt(depth: number, reason: string): void {
    for (let last = this.open.at(-1); last !== undefined && last.depth >= depth; last = this.open.at(-1)) {
      last.trap = reason;
      this.open.pop();
    }
  }

  /** The innermost callback of this name, and what was called in it, ends in a trap. */
  trapIn(name: string, reason: string): void {
    const callback = this.open.findLast((entry) => entry.name === name);
    if (callback !== undefined) this.trapAt(callback.depth, reason);
  }
}
