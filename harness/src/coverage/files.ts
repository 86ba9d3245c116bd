import type { FileCoverageData, Range } from "@vitest/istanbul-lib-coverage";
import type { SourceLine } from "../module/source-locations.ts";
import { sourceFile } from "./source-files.ts";
import type { ProbedFunction, ProbedLine, Probes } from "./probes.ts";

/** What was counted, as istanbul has it: a line is one statement. */
export function filesOf(probes: Probes, totals: Float64Array): Record<string, FileCoverageData> {
  const bySource = new Map<string, FileCoverageData>();
  const ofSource = (source: string): FileCoverageData => {
    const file = bySource.get(source) ?? emptyFile(sourceFile(source) ?? source);
    bySource.set(source, file);
    return file;
  };
  for (const line of ordered(probes.lines)) addLine(ofSource(line.source), line, { probes, totals });
  for (const one of ordered(probes.functions)) addFunction(ofSource(one.source), one, { probes, totals });
  return Object.fromEntries([...bySource.values()].map((file) => [file.path, file]));
}

interface Counted {
  readonly probes: Probes;
  readonly totals: Float64Array;
}

/** Each function that has code of the line came to it as often as to the part of it to which it came most often. */
function addLine(file: FileCoverageData, { source, line, counters }: ProbedLine, counted: Counted): void {
  const id = line;
  file.statementMap[id] = textRange(counted.probes.sources.linesOf(source)[line - 1] ?? "", line);
  file.s[id] = sum(counters.map((own) => Math.max(...own.map((i) => counted.totals[i] ?? 0))));
}

function addFunction(file: FileCoverageData, one: ProbedFunction, { probes, totals }: Counted): void {
  const { source, line, name, counters } = one;
  const id = Object.keys(file.fnMap).length;
  const range = textRange(probes.sources.linesOf(source)[line - 1] ?? "", line);
  file.fnMap[id] = { name, line, decl: range, loc: range };
  file.f[id] = sum(counters.map((i) => totals[i] ?? 0));
}

/** From the first letter of a line to its end: the same in every build, so that the counts of several can be added. */
function textRange(text: string, line: number): Range {
  const column = text.length - text.trimStart().length;
  return { start: { line, column }, end: { line, column: text.trimEnd().length } };
}

function ordered<T extends SourceLine>(all: readonly T[]): T[] {
  return [...all].sort((left, right) => left.line - right.line);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}

function emptyFile(path: string): FileCoverageData {
  return { path, statementMap: {}, fnMap: {}, branchMap: {}, s: {}, f: {}, b: {} };
}
