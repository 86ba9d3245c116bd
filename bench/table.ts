import type { Cost } from "./measure.ts";
import { reference, type Variant } from "./variants.ts";
import type { Workload } from "./workloads.ts";

const widths = [30, 8, 12, 12, 9, 22, 10, 8];

/** The titles of the columns. */
export function heading(): string {
  return row(["workload", "variant", "µs/filter", "least", "to Rust", "goal", ".wasm", "MiB"]);
}

/** The lines of one workload; the goal stands beside ours. */
export function lines(workload: Workload, costs: readonly Cost<Variant>[]): string[] {
  const rust = costs.find(({ variant }) => variant.name === reference);
  return costs.map((cost, i) => {
    const ratio = rust === undefined ? NaN : cost.microsPerFilter / rust.microsPerFilter;
    return row([
      i === 0 ? `${workload.task.toUpperCase()} ${workload.what}` : "",
      cost.variant.name,
      cost.microsPerFilter.toFixed(2),
      cost.leastMicrosPerFilter.toFixed(2),
      ratio.toFixed(2),
      cost.variant.name === "ours" ? verdict(ratio, workload.goal) : "",
      `${(cost.variant.byteLength / 1000).toFixed(1)} kB`,
      cost.mib.toFixed(1),
    ]);
  });
}

function verdict(ratio: number, goal: number): string {
  return `≤ ${goal.toFixed(2)}: ${ratio <= goal ? "met" : "missed"}`;
}

function row(cells: readonly string[]): string {
  return cells
    .map((cell, i) => cell.padEnd(widths[i] ?? 0))
    .join(" ")
    .trimEnd();
}
