import type { Report } from "../finding.ts";
import { nearest } from "../../nearest.ts";
import { isRuleName, ruleNames, type RuleName } from "../rules.ts";

/** Lines in which a comment of the file switches a rule off, both from 1 and inclusive. */
export interface SilencedLines {
  readonly rule: RuleName;
  readonly from: number;
  readonly to: number;
}

const comment = /(^|\s)#\s*proxy-wasm-lint:\s*off\s+(.+)$/;

/**
 * The comments `# proxy-wasm-lint: off RULE…` of a file. One at the end of a line holds for that line; one on a line of
 * its own holds for the entry or list item that follows, or for the whole file when it stands before all content.
 */
export function silencedLines(text: string, report: Report): SilencedLines[] {
  if (!text.includes("proxy-wasm-lint:")) return [];
  const lines = text.split(/\r?\n/);
  return lines.flatMap((line, i) => {
    const [, , names = ""] = comment.exec(line) ?? [];
    const range = names === "" ? null : scopeOf(lines, i);
    return range === null ? [] : named(names, i, report).map((rule) => ({ rule, ...range }));
  });
}

function named(names: string, index: number, report: Report): RuleName[] {
  const words = names.split(/[\s,]+/).filter((word) => word !== "");
  return words.filter((word): word is RuleName => {
    if (isRuleName(word)) return true;
    const close = nearest(word, ruleNames);
    const spot = { path: "", place: { line: index + 1, column: 1 } };
    report(
      "unknown-rule",
      spot,
      `there is no rule "${word}"`,
      close === null ? null : `did you mean ${close}?`,
    );
    return false;
  });
}

function scopeOf(lines: readonly string[], index: number): { from: number; to: number } {
  if (!isComment(lines[index])) return { from: index + 1, to: index + 1 };
  if (lines.slice(0, index).every(hasNoContent)) return { from: 1, to: lines.length };
  const first = lines.findIndex((line, i) => i > index && !hasNoContent(line));
  if (first < 0) return { from: index + 1, to: index + 1 };
  const next = lines.findIndex(
    (line, i) => i > first && !hasNoContent(line) && endsBlock(lines[first], line),
  );
  return { from: first + 1, to: next < 0 ? lines.length : next };
}

/** A list may stand at the indentation of its key, and then belongs to it. */
function endsBlock(first = "", line: string): boolean {
  const depth = indentation(line) - indentation(first);
  return depth < 0 || (depth === 0 && (isItem(first) || !isItem(line)));
}

function indentation(line: string): number {
  return line.search(/\S/);
}

function isItem(line: string): boolean {
  return /^\s*-(\s|$)/.test(line);
}

function isComment(line = ""): boolean {
  return line.trimStart().startsWith("#");
}

function hasNoContent(line: string): boolean {
  return line.trim() === "" || isComment(line) || line.trim() === "---";
}
