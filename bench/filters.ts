// What the reference filters cost beside Envoy's own: the price of Wasm, and of having one's own policy.
import { readFile } from "node:fs/promises";
import { bareStartMs } from "./bare-envoy.ts";
import { copies, type HttpFilter } from "./bootstrap.ts";
import { measure, median, type Cost, type Effort, type Subject } from "./measure.ts";
import { builtFilters, moduleOf, referenceFilter, type ReferenceFilter } from "./reference-filters.ts";

const STARTS = 7;

/** What an Envoy with the filter may take until its first answer, of what one without takes. */
const MOST_START = 1.5;

/** One line for each number of each filter. */
export async function* filterCosts(binary: string, effort: Effort): AsyncGenerator<string> {
  for (const filter of builtFilters()) {
    const costs = await measure(binary, filter.request, subjectsOf(filter), effort);
    yield `\n${filter.name}, ${filter.what}: ${prices(filter, costs)}`;
    yield `  ${await size(filter)}`;
    yield `  ${await start(binary, filter)}`;
  }
}

function subjectsOf({ name, configuration, idle, native }: ReferenceFilter): Subject[] {
  const ours = { name: "ours", filters: repeated([referenceFilter(name, configuration)]) };
  const envoys = { name: "native", filters: repeated(native) };
  const without = {
    name: "idle",
    filters: idle === undefined ? [] : repeated([referenceFilter(name, idle.configuration)]),
  };
  return [ours, envoys, without].filter(({ filters }) => filters.length > 0);
}

function repeated(filters: readonly HttpFilter[]): HttpFilter[] {
  return Array.from({ length: copies }, () => filters).flat();
}

function prices({ idle }: ReferenceFilter, costs: readonly Cost<Subject>[]): string {
  const micros = (name: string): number =>
    costs.find(({ variant }) => variant.name === name)?.microsPerFilter ?? NaN;
  const has = (name: string): boolean => !Number.isNaN(micros(name));
  const parts = [`${micros("ours").toFixed(2)} µs`];
  if (has("native")) {
    const ratio = micros("ours") / micros("native");
    parts.push(`Envoy's own ${micros("native").toFixed(2)} µs, ratio ${ratio.toFixed(1)}`);
  } else parts.push("Envoy has no such filter");
  if (idle !== undefined) {
    const work = micros("ours") - micros("idle");
    parts.push(`its work alone ${work.toFixed(2)} µs; goal ${verdict(work, idle.goalMicros)}`);
  }
  return parts.join("; ");
}

async function size({ name, mostBytes }: ReferenceFilter): Promise<string> {
  const module = new WebAssembly.Module(await readFile(moduleOf(name)));
  const names = WebAssembly.Module.customSections(module, "name").reduce(
    (sum, part) => sum + part.byteLength,
    0,
  );
  const { byteLength } = await readFile(moduleOf(name));
  return `module: ${byteLength - names} bytes without names, ${byteLength} with; goal ${verdict(byteLength - names, mostBytes)}`;
}

async function start(binary: string, { name, configuration }: ReferenceFilter): Promise<string> {
  const bare: number[] = [];
  const ours: number[] = [];
  for (let i = 0; i < STARTS; i++) {
    bare.push(await bareStartMs(binary));
    ours.push(await bareStartMs(binary, [referenceFilter(name, configuration)]));
  }
  const ratio = median(ours) / median(bare);
  const figures = `${median(ours).toFixed(0)} ms, without it ${median(bare).toFixed(0)} ms`;
  return `start to first answer: ${figures}, ratio ${ratio.toFixed(2)}; goal ${verdict(ratio, MOST_START)}`;
}

function verdict(value: number, goal: number): string {
  return `≤ ${goal}: ${value <= goal ? "met" : "missed"}`;
}
