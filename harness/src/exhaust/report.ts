import { counted } from "../counted.ts";
import { firstLine } from "../first-line.ts";
import type { Made } from "./calls.ts";
import type { Harm, Outcome } from "./run.ts";
import type { Strike } from "./strike.ts";

/**
 * What must not happen, and did.
 *
 * @category Write tests
 */
export interface ExhaustFinding extends Harm {
  /** The filter trapped, a callback or a stream did not end, or a request passed. */
  readonly kind: "trap" | "hang" | "unauthorised";
  /** What happened: plugin, callback and line of a trap; method and path of a request. */
  readonly what: string;
  /** What had gone wrong: call, status, which one, and in which callback. */
  readonly fault: string;
  /** The line of a test, or of its options, that lets this alone go wrong. */
  readonly replay: string;
  /** The host call or callback that was struck first; null for an allocation that nobody could tell. */
  readonly call: string | null;
  /** The callback in which that was; null as `call`. */
  readonly callback: string | null;
  /** The status, `trap`, or `no memory`. */
  readonly failure: string;
  /** Which call failed, from 1; null for every call. */
  readonly nth: number | null;
}

/**
 * A run in which the scenario threw by itself, an assertion that the fault does not let hold for instance: no finding.
 *
 * @category Write tests
 */
export interface DisturbedRun {
  /** As a finding's. */
  readonly fault: string;
  /** As a finding's. */
  readonly replay: string;
  /** What was thrown. */
  readonly error: Error;
}

/**
 * How often the undisturbed scenario makes a host call in a callback.
 *
 * @category Write tests
 */
export interface CallCount {
  /** The host call. */
  readonly call: string;
  /** The callback in which it is made. */
  readonly callback: string;
  /** The plugin that makes it. */
  readonly plugin: string;
  /** Made before the test gets the proxy. */
  readonly isAtStart: boolean;
  /** How often. */
  readonly count: number;
}

/** A run and how it went. */
export interface Run {
  readonly strike: Strike;
  readonly outcome: Outcome;
}

/** What a report is made of. */
interface Recorded {
  readonly made: readonly Made[];
  readonly runs: readonly Run[];
  readonly leftOut: number;
}

const mostShown = 3;

/**
 * What `exhaust` has found. As text, by `String(report)`, a line for each finding, how to replay it, and the totals.
 *
 * @category Write tests
 */
export class ExhaustReport {
  /** What must not happen, and did; in the order of the runs. */
  readonly findings: readonly ExhaustFinding[];
  /** The runs that only the scenario did not stand. */
  readonly disturbed: readonly DisturbedRun[];
  /** Faults that struck nothing: what the filter calls is not the same in every run. */
  readonly unmet: readonly string[];
  /** What the undisturbed scenario calls, and how often. */
  readonly calls: readonly CallCount[];
  /** How many runs there were, beside the undisturbed one. */
  readonly runs: number;
  /** In how many of them a plugin did not start, which is no finding. */
  readonly refused: number;
  /** How many runs the option `occurrences` has left out. */
  readonly leftOut: number;

  constructor({ made, runs, leftOut }: Recorded) {
    this.findings = runs.flatMap(findingsOf);
    this.disturbed = runs.flatMap(({ strike: { text, replay }, outcome: { error, harms } }) =>
      error === null || harms.length > 0 ? [] : [{ fault: text, replay, error }],
    );
    this.unmet = runs.filter(({ outcome }) => !outcome.hasStruck).map(({ strike }) => strike.text);
    this.calls = countsOf(made);
    this.runs = runs.length;
    this.refused = runs.filter(({ outcome }) => outcome.isRefused).length;
    this.leftOut = leftOut;
  }

  /** All of it, for people. */
  toString(): string {
    const findings = this.findings.map(
      ({ fault, what, replay }) => `${fault}: ${what}\n    replay: ${replay}`,
    );
    return [...findings, this.totals, ...this.remarks].join("\n");
  }

  private get totals(): string {
    const names = new Set(this.calls.map(({ call }) => call)).size;
    const sum = this.calls.reduce((all, { count }) => all + count, 0);
    const made = `${counted(names, "host call")}, made ${counted(sum, "time")}, × the statuses of each`;
    return `${counted(this.runs, "run")}: ${made}; ${counted(this.findings.length, "finding")}`;
  }

  private get remarks(): string[] {
    const { refused, leftOut, unmet, disturbed } = this;
    return [
      ...(refused === 0 ? [] : [`${counted(refused, "run")} ended with a plugin that refused to start`]),
      ...(leftOut === 0 ? [] : [`left out, as occurrences says: ${counted(leftOut, "run")} of single calls`]),
      ...listed("struck nothing, for the filter does not call the same in every run", unmet, "fault"),
      ...listed(
        "that only the scenario did not stand, no findings",
        disturbed.map(({ fault, error }) => `${fault}: ${firstLine(error.message)}`),
        "run",
      ),
    ];
  }
}

/** How many there are, and the first of them. */
function listed(what: string, lines: readonly string[], noun: string): string[] {
  if (lines.length === 0) return [];
  const more = lines.length - mostShown;
  return [
    `${counted(lines.length, noun)} ${what}:`,
    ...lines.slice(0, mostShown).map((line) => `    ${line}`),
    ...(more > 0 ? [`    and ${more} more`] : []),
  ];
}

function findingsOf({ strike, outcome }: Run): ExhaustFinding[] {
  const { text: fault, replay, made, failure, nth } = strike;
  const struck = { call: made?.name ?? null, callback: made?.callback ?? null, failure, nth };
  return outcome.harms.map((harm) => ({ ...harm, fault, replay, ...struck }));
}

function countsOf(made: readonly Made[]): CallCount[] {
  const counts = new Map<string, CallCount>();
  for (const { kind, name: call, callback, plugin, isAtStart } of made) {
    if (kind === "callback") continue;
    const key = JSON.stringify([call, callback, plugin, isAtStart]);
    counts.set(key, { call, callback, plugin, isAtStart, count: (counts.get(key)?.count ?? 0) + 1 });
  }
  return [...counts.values()];
}
