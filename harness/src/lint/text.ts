import { styleText } from "node:util";
import type { LintFinding } from "./finding.ts";
import type { Severity } from "./rules.ts";

const colours = { error: "red", warning: "yellow", info: "cyan" } as const;

/** How findings are shown to people. */
export interface TextOptions {
  /** Only for a terminal. */
  readonly isColoured: boolean;
}

/** `file:line:column  severity  message  [rule]`, then the path and, where there is one, what to write. */
export function findingText(finding: LintFinding, { isColoured }: TextOptions): string {
  const { severity, message, rule, path, suggestion } = finding;
  const paint = (style: Parameters<typeof styleText>[0], text: string): string =>
    isColoured ? styleText(style, text, { validateStream: false }) : text;
  const head = [placeText(finding), paint(colours[severity], severity), message, paint("dim", `[${rule}]`)];
  const lines = [head.filter((part) => part !== "").join("  ")];
  if (path !== "") lines.push(`    ${paint("dim", `at ${path}`)}`);
  if (suggestion !== null) lines.push(`    ${paint("green", "→")} ${suggestion}`);
  return lines.join("\n");
}

function placeText({ file, line, column }: LintFinding): string {
  return [file, line, column].filter((part) => part !== null).join(":");
}

/** `2 errors, 1 warning` or `no findings` */
export function summaryText(findings: readonly LintFinding[]): string {
  const counts = (["error", "warning", "info"] as const).flatMap((severity) => {
    const count = findings.filter((finding) => finding.severity === severity).length;
    return count === 0 ? [] : [counted(count, severity)];
  });
  return counts.join(", ") || "no findings";
}

function counted(count: number, severity: Severity): string {
  return `${count} ${severity}${count === 1 || severity === "info" ? "" : "s"}`;
}
