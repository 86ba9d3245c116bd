export function plan(
  args: readonly string[],
  known: readonly string[],
): { versions: string[]; unknown: string[]; files: string[] };

/** What is said of the tests of a version. */
export interface Column {
  readonly version: string;
}

/** The part of vitest's JSON report that is read. */
export interface Report {
  readonly testResults: ReadonlyArray<{
    readonly name: string;
    readonly status: string;
    readonly message: string;
    readonly assertionResults: ReadonlyArray<{
      readonly fullName: string;
      readonly status: string;
      readonly failureMessages: readonly string[];
      readonly meta?: { readonly skipped?: string };
    }>;
  }>;
}

export function column(version: string, report: Report, status: number): Column;
export function lostColumn(version: string, failure: string): Column;
export function matrix(columns: readonly Column[]): string;
