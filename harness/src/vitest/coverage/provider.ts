import { existsSync } from "node:fs";
import type { CoverageMap } from "@vitest/istanbul-lib-coverage";
import type {
  BaseCoverageProvider,
  CoverageProvider,
  ReportContext,
  ResolvedCoverageOptions,
  TestProject,
} from "vitest/node";
import { CountedFiles, type Counted, type SuiteRun } from "./counted.ts";

/** Set in vitest's own process, whatever copies of this module it has, when its coverage counts filters. */
const key = Symbol.for("proxy-wasm-harness.counts-filters");
const shared = globalThis as { [key]?: boolean };

/** Whether the vitest of a project runs with `--coverage` and a provider of this package. */
export function countsFilters({ vitest }: TestProject): boolean {
  return vitest.config.coverage.enabled && shared[key] === true;
}

/** vitest's own provider, as it is, with what filters have counted in its map: reports and thresholds have both. */
export function withFilters(given: CoverageProvider): CoverageProvider {
  const own = given as CoverageProvider & BaseCoverageProvider;
  const counted = new CountedFiles();
  const base = {
    resolveOptions: own.resolveOptions.bind(own),
    clean: own.clean.bind(own),
    cleanAfterRun: own.cleanAfterRun.bind(own),
    onAfterSuiteRun: own.onAfterSuiteRun.bind(own),
    getUntestedFiles: own.getUntestedFiles.bind(own),
    generateCoverage: own.generateCoverage.bind(own),
    reportCoverage: own.reportCoverage.bind(own),
  };
  shared[key] = true;
  return Object.assign(own, {
    /** Workers are told by it whom they are to load, and would load vitest's own. */
    resolveOptions: (): ResolvedCoverageOptions => ({ ...base.resolveOptions(), provider: "custom" }),
    async clean(clean?: boolean): Promise<void> {
      counted.clear();
      await base.clean(clean);
    },
    async cleanAfterRun(): Promise<void> {
      counted.clear();
      await base.cleanAfterRun();
    },
    onAfterSuiteRun(meta: SuiteRun): void {
      const { javascript, ...filters } = meta.coverage as Counted;
      base.onAfterSuiteRun({ ...meta, coverage: javascript });
      counted.add(meta, { javascript: null, ...filters });
    },
    /** A filter that ran is not one that no test has come to. */
    getUntestedFiles: (tested: string[]): Promise<string[]> =>
      base.getUntestedFiles([...tested, ...counted.paths]),
    async generateCoverage(context: ReportContext): Promise<CoverageMap> {
      const map = (await base.generateCoverage(context)) as CoverageMap;
      for (const files of counted.all) map.merge(files);
      const ofFilters = new Set(counted.paths);
      map.filter((file) => !ofFilters.has(file) || (existsSync(file) && own.isIncluded(file)));
      return map;
    },
    async reportCoverage(map: CoverageMap, context: ReportContext): Promise<void> {
      for (const remark of counted.remarks) own.ctx.logger.warn(`coverage: ${remark}`);
      await base.reportCoverage(map, context);
    },
  });
}
