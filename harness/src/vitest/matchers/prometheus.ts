import type { MatcherState } from "vitest";
import { judge, judgeNone, listed, type Judgement } from "./judgement.ts";
import { noSuch } from "./stats.ts";

/** One line of Prometheus' text format. */
interface Series {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
  readonly line: string;
}

/** What is wanted of a series. */
export interface SeriesWanted {
  /** Those that it has among its labels. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Default: any. */
  readonly value?: number;
}

export function toHavePrometheusSeries(
  this: MatcherState,
  page: string,
  name: string,
  wanted: SeriesWanted = {},
): Judgement {
  const all = seriesOf(page);
  const named = all.filter((series) => series.name === name);
  const what = `a series ${name} with ${JSON.stringify(wanted)}`;
  const none = missing(all, name, wanted);
  if (this.isNot && none !== null && Object.keys(wanted).length > 0)
    return judgeNone(what, none, `toHavePrometheusSeries("${name}")`);
  const pass = named.some((series) => isWanted(series, wanted));
  const lines = named.map(({ line }) => line);
  return judge(pass, what, () => none ?? `there are\n${listed(lines, "")}`);
}

/** That no series has this name, or none of that name such a label; null when there is one. */
function missing(all: readonly Series[], name: string, { labels = {} }: SeriesWanted): string | null {
  const named = all.filter((series) => series.name === name);
  if (named.length === 0) return noSuch("series", name, [...new Set(all.map((series) => series.name))]);
  const known = new Set(named.flatMap((series) => Object.keys(series.labels)));
  const unknown = Object.keys(labels).find((label) => !known.has(label));
  return unknown === undefined ? null : `${name}: ${noSuch(`label ${unknown}`, unknown, [...known])}`;
}

function isWanted(series: Series, { labels = {}, value = series.value }: SeriesWanted): boolean {
  const hasLabels = Object.entries(labels).every(([key, label]) => series.labels[key] === label);
  return hasLabels && series.value === value;
}

function seriesOf(page: string): Series[] {
  return [...page.matchAll(/^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/gm)].map(
    ([line, name = "", labels = "", value]) => ({
      name,
      labels: labelsOf(labels),
      value: Number(value),
      line,
    }),
  );
}

function labelsOf(text: string): Record<string, string> {
  const pairs = text.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g);
  return Object.fromEntries([...pairs].map(([, name = "", value = ""]) => [name, unescaped(value)]));
}

function unescaped(value: string): string {
  return value.replaceAll(/\\(.)/g, (_, character: string) => (character === "n" ? "\n" : character));
}
