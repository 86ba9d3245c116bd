import { HarnessError } from "../errors.ts";
import type { CallName } from "../module/abi-calls.ts";
import type { Transcript, TranscriptEntry, TranscriptValue } from "../transcript/entry.ts";
import { positionOf, signatures } from "../transcript/signature.ts";

/** A call that a scenario makes when nothing goes wrong. */
export interface Made {
  readonly kind: TranscriptEntry["kind"];
  readonly name: CallName;
  /** Made before the test gets the proxy. */
  readonly isAtStart: boolean;
  /** Which one of its name, from 1; what is made at the start is counted by itself. */
  readonly nth: number;
  readonly plugin: string;
  /** The callback in which it is made, or which it is, and which one of its name that is. */
  readonly callback: string;
  readonly callbackNth: number;
  /** The guest's allocator was asked for room for what the host wrote. */
  readonly allocates: boolean;
}

/** All calls in their order, of which so many first are made at the start. Refused with `invalid_input` when some are lost. */
export function callsIn(transcript: Transcript, startCalls: number): Made[] {
  if (transcript.omitted > 0)
    throw new HarnessError(
      "invalid_input",
      `exhaust: the scenario makes more calls than a transcript holds, which lost ${transcript.omitted}: let it send less`,
    );
  const tallies = [new Map<string, number>(), new Map<string, number>()] as const;
  const open: Made[] = [];
  return transcript.map((entry, i) => {
    const isAtStart = i < startCalls;
    const tally = tallies[isAtStart ? 0 : 1];
    const nth = (tally.get(entry.name) ?? 0) + 1;
    tally.set(entry.name, nth);
    open.length = Math.min(open.length, entry.depth);
    const made = { ...entry, isAtStart, nth, ...enclosing(entry, nth, open), allocates: allocates(entry) };
    open[entry.depth] = made;
    return made;
  });
}

type Place = Pick<Made, "callback" | "callbackNth">;

function enclosing({ kind, name }: TranscriptEntry, nth: number, open: readonly Made[]): Place {
  if (kind === "callback") return { callback: name, callbackNth: nth };
  const within = open.findLast((made) => made.kind === "callback");
  return { callback: within?.name ?? "_initialize", callbackNth: within?.nth ?? 1 };
}

/** Empty results are given without an allocation. */
function allocates({ kind, name, outputs, result }: TranscriptEntry): boolean {
  if (kind === "callback" || result !== "Ok") return false;
  const { parameters = [] } = signatures[positionOf(name) ?? -1] ?? {};
  const given = parameters.filter(({ type, isOutput }) => isOutput && ["bytes", "pairs"].includes(type));
  return given.some(({ name: value }) => hasContent(outputs[value]));
}

function hasContent(value: TranscriptValue | undefined): boolean {
  if (typeof value === "string") return value !== "";
  return typeof value === "object" && (!("byteLength" in value) || value.byteLength > 0);
}
