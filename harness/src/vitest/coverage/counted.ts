import type { FileCoverageData } from "@vitest/istanbul-lib-coverage";
import type { CoverageProvider } from "vitest/node";
import type { Coverage } from "../../coverage/coverage.ts";

/** With what vitest hands on what a worker says. */
export type SuiteRun = Parameters<CoverageProvider["onAfterSuiteRun"]>[0];

/** What a worker says of the spec files that it has run. */
export interface Counted {
  /** What vitest's own coverage says. */
  readonly javascript: unknown;
  readonly files: Readonly<Record<string, FileCoverageData>>;
  readonly remarks: readonly string[];
}

/** Takes what was counted since it was asked for last. */
export function countedOf(javascript: unknown, coverage: Coverage | null): Counted {
  const counted = { javascript, files: coverage?.files() ?? {}, remarks: coverage?.remarks ?? [] };
  coverage?.reset();
  return counted;
}

/** What all workers have counted; of spec files that ran again, the last time. */
export class CountedFiles {
  private readonly bySpecs = new Map<string, Counted>();

  add({ projectName, environment, testFiles }: SuiteRun, counted: Counted): void {
    this.bySpecs.set(JSON.stringify([projectName, environment, testFiles]), counted);
  }

  clear(): void {
    this.bySpecs.clear();
  }

  /** A record for each run of spec files. */
  get all(): ReadonlyArray<Readonly<Record<string, FileCoverageData>>> {
    return [...this.bySpecs.values()].map(({ files }) => files);
  }

  get paths(): string[] {
    return [...new Set(this.all.flatMap((files) => Object.keys(files)))];
  }

  get remarks(): string[] {
    return [...new Set([...this.bySpecs.values()].flatMap(({ remarks }) => remarks))].sort();
  }
}
