import { nearest } from "../../nearest.ts";
import type { HistogramSummary } from "../../observation.ts";
import type { Stats } from "../../stats.ts";
import { indent, judge, type Judgement } from "./judgement.ts";

export function toHaveCounter(stats: Stats, name: string, change: number): Judgement {
  return judge(stats.get(name) === change, `counter ${name} to have grown by ${change}`, () =>
    describe(stats, name, "counter", "grew"),
  );
}

export function toHaveGauge(stats: Stats, name: string, change: number): Judgement {
  return judge(stats.get(name) === change, `gauge ${name} to have changed by ${change}`, () =>
    describe(stats, name, "gauge", "changed"),
  );
}

export function toHaveHistogram(stats: Stats, name: string, wanted: Partial<HistogramSummary>): Judgement {
  const seen = stats.histogram(name);
  const isSame = (key: keyof HistogramSummary): boolean =>
    wanted[key] === undefined || wanted[key] === seen?.[key];
  const pass = seen !== null && isSame("count") && isSame("sum");
  return judge(pass, `histogram ${name} with ${JSON.stringify(wanted)}`, () =>
    describeHistogram(stats, name),
  );
}

function describe(stats: Stats, name: string, noun: string, verb: string): string {
  const seen = stats.get(name);
  if (seen === null) return noSuch(noun, name, stats.names());
  return `it ${verb} by ${seen}; what changed:\n${indent(JSON.stringify(stats.changed(), null, 2))}`;
}

function describeHistogram(stats: Stats, name: string): string {
  const seen = stats.histogram(name);
  if (seen === null) return noSuch("histogram", name, stats.histogramNames());
  const buckets = (stats.buckets(name) ?? []).map(({ lowerBound, count }) => `${lowerBound}: ${count}`);
  return `it has ${JSON.stringify(seen)}, these many of each:\n${indent(buckets.join("\n") || "none")}`;
}

/** What there is instead of something. */
export function noSuch(noun: string, name: string, names: readonly string[]): string {
  const close = nearest(name, names);
  if (close !== null) return `there is no such ${noun}: did you mean ${close}?`;
  return `there is no such ${noun}; there are ${names.join(", ") || "none"}`;
}
