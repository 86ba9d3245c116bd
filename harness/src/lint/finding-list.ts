import type { LintFinding, Report } from "./finding.ts";
import { lintRules, type RuleName, type Severity } from "./rules.ts";
import type { SilencedLines } from "./source/comments.ts";

interface Choices {
  readonly file?: string;
  readonly off?: readonly RuleName[];
  readonly warn?: readonly RuleName[];
}

/** Collects what rules report, without what the user has switched off. */
export class FindingList {
  private readonly findings: LintFinding[] = [];
  private readonly seen = new Set<string>();
  private readonly file: string | null;
  private readonly off: ReadonlySet<RuleName>;
  private readonly warn: ReadonlySet<RuleName>;
  private silenced: readonly SilencedLines[] = [];

  constructor({ file, off = [], warn = [] }: Choices) {
    this.file = file ?? null;
    this.off = new Set(off);
    this.warn = new Set(warn);
  }

  /** The same place is reported once by a rule, though an alias may lead there twice. */
  readonly report: Report = (rule, { path, place }, message, suggestion = null) => {
    if (this.off.has(rule)) return;
    const [line, column] = [place?.line ?? null, place?.column ?? null];
    const identity = `${line ?? path}:${column ?? ""} ${rule} ${message}`;
    if (this.seen.has(identity)) return;
    this.seen.add(identity);
    const severity: Severity = this.warn.has(rule) ? "warning" : lintRules[rule];
    this.findings.push({ file: this.file, path, line, column, rule, severity, message, suggestion });
  };

  silence(lines: readonly SilencedLines[]): void {
    this.silenced = lines;
  }

  /** In the order of the text. */
  all(): LintFinding[] {
    return this.findings.filter((finding) => !this.isSilenced(finding)).sort(byPlace);
  }

  private isSilenced({ rule, line }: LintFinding): boolean {
    return this.silenced.some(
      (range) => range.rule === rule && line !== null && line >= range.from && line <= range.to,
    );
  }
}

function byPlace(left: LintFinding, right: LintFinding): number {
  return (left.line ?? 0) - (right.line ?? 0) || (left.column ?? 0) - (right.column ?? 0);
}
