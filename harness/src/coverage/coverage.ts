import {
  createCoverageMap,
  type CoverageMap,
  type CoverageMapData,
  type FileCoverageData,
} from "@vitest/istanbul-lib-coverage";
import { counterMemoryName } from "../instrumentation/instrument.ts";
import type { ModuleLayout } from "../instrumentation/module-layout.ts";
import type { WasmModule } from "../module/load.ts";
import { refuseUnknownOptions } from "../options.ts";
import { isLibrary } from "../module/source-locations.ts";
import { filesOf } from "./files.ts";
import { sourceFile } from "./source-files.ts";
import { probesOf, type Probes } from "./probes.ts";
import { CountedInstances } from "./counted-instances.ts";

/**
 * What is counted.
 *
 * @category Coverage
 */
export interface CoverageOptions {
  /** Lines of the SDK, of AssemblyScript's own library and of installed packages are counted, too. Default false. */
  libraries?: boolean;
  /** The folder of the modules that filters named by their folders are taken from. Default: the workspace's `build`. */
  builds?: string;
}

/**
 * How often the lines and functions of filters ran in the embedded backend, in all proxies that were given it. There are
 * no branches: what the compiler makes of one cannot be told from what it adds.
 *
 * @category Coverage
 */
export class Coverage {
  /** Which code is counted, for whoever keeps modules that were made for it. @internal */
  readonly scope: "filters" | "libraries";
  /** As in the options. @internal */
  readonly builds: string | null;
  private readonly instances = new Map<Probes, CountedInstances>();
  private readonly said = new Set<string>();

  /** @internal */
  constructor({ libraries = false, builds }: CoverageOptions) {
    this.scope = libraries ? "libraries" : "filters";
    this.builds = builds ?? null;
  }

  /** Of which filters nothing was counted, and why, in a line each. */
  get remarks(): readonly string[] {
    return [...this.said];
  }

  /** The files as istanbul has them, by their paths: what its reports and other tools are given. */
  files(): Record<string, FileCoverageData> {
    const map = createCoverageMap();
    for (const [probes, counted] of this.instances) map.merge(filesOf(probes, counted.totals()));
    return dataOf(map);
  }

  /** As a text of the format LCOV; the paths are relative to a folder, by default the working one. */
  async lcov(root = process.cwd()): Promise<string> {
    const { lcovOf } = await import("./lcov.ts");
    return lcovOf(createCoverageMap(this.files() satisfies CoverageMapData), root);
  }

  /** What was counted is forgotten, and the modules that do not run any more. */
  reset(): void {
    for (const [probes, counted] of this.instances) {
      counted.reset();
      if (!counted.isRunning) this.instances.delete(probes);
    }
    this.said.clear();
  }

  /** Chooses what is counted in a module. @internal */
  probesIn(module: WasmModule, layout: ModuleLayout): Probes {
    const isOfScope = (source: string): boolean => this.scope === "libraries" || !isLibrary(source);
    return probesOf(layout, module, (source) => isOfScope(source) && sourceFile(source) !== null);
  }

  /** Takes over what an instance counts, until its proxy, the owner, ends. @internal */
  watch(probes: Probes | null, exports: WebAssembly.Exports, owner: object): void {
    const memory = exports[counterMemoryName];
    if (probes === null || !(memory instanceof WebAssembly.Memory)) return;
    const counted = this.instances.get(probes) ?? new CountedInstances(probes.offsets.length);
    this.instances.set(probes, counted);
    counted.watch(memory, owner);
  }

  /** No instance of a proxy runs any more. @internal */
  end(owner: object): void {
    for (const counted of this.instances.values()) counted.end(owner);
  }

  /** Something is not counted: the reason is said once. @internal */
  remark(reason: string): void {
    this.said.add(reason);
  }
}

/**
 * Counts the lines of filters. Give it to `startProxy` or `startNetworkProxy` as their option `coverage`, then read it;
 * under `vitest --coverage` tests have one without being asked. Refused with `invalid_input` for an unknown option.
 *
 * @category Coverage
 */
export function createCoverage(options: CoverageOptions = {}): Coverage {
  refuseUnknownOptions("createCoverage", options, ["libraries", "builds"]);
  return new Coverage(options);
}

function dataOf(map: CoverageMap): Record<string, FileCoverageData> {
  return Object.fromEntries(map.files().map((file) => [file, map.fileCoverageFor(file).toJSON()]));
}
