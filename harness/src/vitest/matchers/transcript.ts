import type { MatcherState } from "vitest";
import { omittedFrom } from "../../kept.ts";
import type { CallName } from "../../module/abi-calls.ts";
import { nearest } from "../../nearest.ts";
import type { TranscriptEntry } from "../../transcript/entry.ts";
import { lineOf } from "../../transcript/text.ts";
import { cut, hint, WantedCall, type CallStep } from "./calls.ts";
import { judge, listed, type Judgement } from "./judgement.ts";

type Entries = readonly TranscriptEntry[];

export function toHaveCalled(
  this: MatcherState,
  transcript: Entries,
  name: CallName,
  wanted: object = {},
): Judgement {
  const call = new WantedCall(name, wanted, this.equals);
  const what = `a call of ${String(call)}`;
  const refused = refusal(this.isNot, what, [call]);
  if (refused !== null) return refused;
  const index = transcript.findIndex((entry) => call.isMetBy(entry));
  if (index < 0 && this.isNot && omittedFrom(transcript) > 0) return unsure(true, what, transcript);
  return judge(index >= 0, what, () =>
    index < 0 ? absence(transcript, call) : `there is one:\n${around(transcript, index)}`,
  );
}

export function toHaveCalledTimes(
  this: MatcherState,
  transcript: Entries,
  name: CallName,
  times: number,
): Judgement {
  const call = new WantedCall(name, {}, this.equals);
  const what = `${name} to be called ${times} times`;
  const refused = refusal(this.isNot, what, [call]);
  if (refused !== null) return refused;
  if (omittedFrom(transcript) > 0) return unsure(this.isNot, what, transcript);
  const calls = transcript.filter((entry) => entry.name === name);
  return judge(calls.length === times, what, () => {
    if (calls.length === 0) return absence(transcript, call);
    return `it was called ${calls.length} times:\n${listed(calls.map(plainLine), "")}`;
  });
}

export function toHaveCallsInOrder(
  this: MatcherState,
  transcript: Entries,
  steps: readonly CallStep[],
): Judgement {
  const calls = steps.map((step) => {
    const [name, wanted] = typeof step === "string" ? [step, {}] : step;
    return new WantedCall(name, wanted, this.equals);
  });
  const what = `calls in the order ${calls.join(" → ")}`;
  const refused = refusal(this.isNot, what, calls);
  if (refused !== null) return refused;
  const found = positionsOf(calls, transcript);
  const isThere = found.length === calls.length;
  if (!isThere && this.isNot && omittedFrom(transcript) > 0) return unsure(true, what, transcript);
  return judge(isThere, what, () =>
    isThere ? `so they are:\n${excerpt(transcript, found)}` : gap(transcript, calls, found),
  );
}

/** Fails, also when it is negated: a call that cannot be is never there. */
function refusal(isNot: boolean, what: string, calls: readonly WantedCall[]): Judgement | null {
  const mistake = calls.map((call) => call.mistake).find((one) => one !== null) ?? null;
  return mistake === null ? null : judge(isNot, what, () => mistake);
}

/** Fails, for what is not kept could tell otherwise. */
function unsure(isNot: boolean, what: string, transcript: Entries): Judgement {
  const omitted = omittedFrom(transcript);
  return judge(
    isNot,
    what,
    () => `the transcript has lost the first ${omitted} calls: send less, or look before`,
  );
}

/** As many calls as follow one another, each at the first place behind the one before. */
function positionsOf(calls: readonly WantedCall[], transcript: Entries): number[] {
  const found: number[] = [];
  for (const call of calls) {
    const from = (found.at(-1) ?? -1) + 1;
    const index = transcript.slice(from).findIndex((entry) => call.isMetBy(entry));
    if (index < 0) break;
    found.push(from + index);
  }
  return found;
}

/** Which call is the first that does not follow the one before it, and what comes nearest to it. */
function gap(transcript: Entries, calls: readonly WantedCall[], found: readonly number[]): string {
  const last = found.at(-1);
  const missing = calls[found.length];
  if (missing === undefined) return "";
  if (last === undefined) return absence(transcript, missing);
  const what = `${String(missing)} was not called after ${calls[found.length - 1]?.name ?? ""}`;
  const earlier = transcript.findIndex((entry) => missing.isMetBy(entry));
  if (earlier >= 0) return `${what}, though before:\n${excerpt(transcript, [earlier, last])}`;
  const close = closestOf(transcript, missing, last + 1);
  if (close === null) return `${what}:\n${around(transcript, last)}`;
  return `${what}; ${differing(close)}${excerpt(transcript, [last, close.index])}`;
}

/** Why a call is not there: the one that comes nearest to it, or names that are written alike. */
function absence(transcript: Entries, call: WantedCall): string {
  const closest = closestOf(transcript, call, 0);
  if (closest !== null) return differing(closest) + around(transcript, closest.index);
  const close = nearest(call.name, new Set(transcript.map(({ name }) => name)));
  return `it was not called${hint(close)}\nthe calls were\n${listed(
    transcript.map((entry) => lineOf(entry)),
    "none",
  )}`;
}

interface Close {
  readonly index: number;
  readonly differences: readonly string[];
}

/** Of the calls of the same name the one that differs least. */
function closestOf(transcript: Entries, call: WantedCall, from: number): Close | null {
  const candidates = transcript.flatMap((entry, index) =>
    index >= from && entry.name === call.name ? [{ index, differences: call.differencesFrom(entry) }] : [],
  );
  return candidates.toSorted((a, b) => a.differences.length - b.differences.length)[0] ?? null;
}

function differing({ differences }: Close): string {
  return `the nearest differs:\n${listed(differences.map(cut), "")}\nin\n`;
}

/** How many lines are shown on each side of one. */
const neighbours = 5;

function around(transcript: Entries, index: number): string {
  return excerpt(transcript, [index]);
}

/** The lines from before the first of these to behind the last, these marked. */
function excerpt(transcript: Entries, indices: readonly number[]): string {
  const start = Math.max(0, Math.min(...indices) - neighbours);
  const shown = transcript.slice(start, Math.max(...indices) + neighbours + 1);
  return listed(
    shown.map((entry, i) => `${indices.includes(start + i) ? ">" : " "} ${lineOf(entry)}`),
    "none",
  );
}

function plainLine(entry: TranscriptEntry): string {
  return lineOf({ ...entry, depth: 0 });
}
