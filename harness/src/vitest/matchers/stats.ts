import type { MatcherState } from "vitest";
import { nearest } from "../../nearest.ts";
import type { HistogramSummary } from "../../observation.ts";
import type { Stats } from "../../stats.ts";
import { indent, judge, judgeNone, type Judgement } from "./judgement.ts";

interface Kind {
  readonly noun: "counter" | "gauge";
  readonly verb: string;
  readonly participle: string;
}

/** A matcher of how much something changed; without a change, of whether it did. */
type ChangeMatcher = (this: MatcherState, stats: Stats, name: string, change?: number) => Judgement;

export const toHaveCounter = changeMatcher({ noun: "counter", verb: "grew", participle: "grown" });
export const toHaveGauge = changeMatcher({ noun: "gauge", verb: "changed", participle: "changed" });

export function toHaveHistogram(
  this: MatcherState,
  stats: Stats,
  name: string,
  wanted: Partial<HistogramSummary> = {},
): Judgement {
  const seen = stats.histogram(name);
  const told = (): string => describeHistogram(stats, name);
  const { count, sum } = wanted;
  if (count === undefined && sum === undefined)
    return judge(seen !== null && seen.count > 0, `histogram ${name} with samples`, told);
  const what = `histogram ${name} with ${JSON.stringify(wanted)}`;
  if (this.isNot && seen === null) return judgeNone(what, told(), `toHaveHistogram("${name}")`);
  const pass = seen !== null && seen.count === (count ?? seen.count) && seen.sum === (sum ?? seen.sum);
  return judge(pass, what, told);
}

function changeMatcher({ noun, verb, participle }: Kind): ChangeMatcher {
  const matcher = noun === "counter" ? "toHaveCounter" : "toHaveGauge";
  return function judgeChange(stats, name, change) {
    const seen = stats.get(name);
    const wanted = `${noun} ${name} to have ${participle}${change === undefined ? "" : ` by ${change}`}`;
    const told = (): string => (seen === null ? noSuch(noun, name, stats.names()) : grown(stats, verb, seen));
    if (change === undefined) return judge(seen !== null && seen !== 0, wanted, told);
    if (this.isNot && seen === null) return judgeNone(wanted, told(), `${matcher}("${name}")`);
    return judge(seen === change, wanted, told);
  };
}

function grown(stats: Stats, verb: string, seen: number): string {
  return `it ${verb} by ${seen}; what changed:\n${indent(JSON.stringify(stats.changed(), null, 2))}`;
}

function describeHistogram(stats: Stats, name: string): string {
  const seen = stats.histogram(name);
  if (seen === null) return noSuch("histogram", name, stats.histogramNames());
  const buckets = (stats.buckets(name) ?? []).map(({ lowerBound, count }) => `${lowerBound}: ${count}`);
  return `it has ${JSON.stringify(seen)}, these many of each:\n${indent(buckets.join("\n") || "none")}`;
}

const namesShown = 30;

/** What there is instead of something. */
export function noSuch(noun: string, name: string, names: readonly string[]): string {
  const close = nearest(name, names);
  if (close !== null) return `there is no such ${noun}: did you mean ${close}?`;
  const rest = names.length - namesShown;
  const shown = rest > 0 ? [...names.slice(0, namesShown), `… and ${rest} more`] : names;
  return `there is no such ${noun}; there are ${shown.join(", ") || "none"}`;
}
