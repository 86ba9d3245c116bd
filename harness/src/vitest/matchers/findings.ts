import { indent, judge, type Judgement } from "./judgement.ts";

/** What was run again and again, and what came of it; its text is for people. */
interface Report {
  readonly findings: readonly unknown[];
}

export function toHaveNoFindings(report: Report): Judgement {
  return judge(report.findings.length === 0, "no findings", () => `there is\n${indent(String(report))}`);
}
