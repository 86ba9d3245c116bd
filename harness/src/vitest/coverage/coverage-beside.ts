import type { CoverageProviderModule } from "vitest/node";
import { createCoverage } from "../../coverage/coverage.ts";
import { runCoverage, runningCoverage } from "../../coverage/running.ts";
import { defined } from "../../defined.ts";
import { HarnessError } from "../../errors.ts";
import { countedOf, type Counted } from "./counted.ts";

/** vitest's own coverage of JavaScript, by the names of its packages `@vitest/coverage-…`. */
export type OwnCoverage = "v8" | "istanbul";

/** vitest's coverage of JavaScript with that of the filters beside it, in one report. Refused with `package_not_installed`. */
export function coverageBeside(name: OwnCoverage): CoverageProviderModule {
  const own = (): Promise<CoverageProviderModule> => ownModule(name);
  return {
    async getProvider() {
      const { withFilters } = await import("./provider.ts");
      return withFilters(await (await own()).getProvider());
    },
    async startCoverage(options) {
      await (await own()).startCoverage?.(options);
      if (runningCoverage() === null) runCoverage(createCoverage(await optionsOfProject()));
    },
    async takeCoverage(options): Promise<Counted> {
      const javascript = await (await own()).takeCoverage?.(options);
      return countedOf(javascript, runningCoverage());
    },
    async stopCoverage(options) {
      await (await own()).stopCoverage?.(options);
      if (options.isolate) runCoverage(null);
    },
  };
}

/** What `backendProjects` and the global set-up say to the workers; vitest can be asked there alone. */
async function optionsOfProject() {
  const { inject } = await import("vitest");
  const { libraries } = inject("proxyWasmCoverage") ?? {};
  return defined({ libraries, builds: inject("proxyWasmDebugBuilds") });
}

async function ownModule(name: OwnCoverage): Promise<CoverageProviderModule> {
  const packageName = `@vitest/coverage-${name}`;
  try {
    return ((await import(packageName)) as { default: CoverageProviderModule }).default;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "ERR_MODULE_NOT_FOUND") throw cause;
    throw new HarnessError(
      "package_not_installed",
      `the coverage of tests and filters needs ${packageName}, in vitest's own version: \`npm install --save-dev ${packageName}\``,
      { cause },
    );
  }
}
