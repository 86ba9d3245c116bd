import { copies } from "./bootstrap.ts";
import { Envoy } from "./envoy.ts";
import type { Variant } from "./variants.ts";
import type { Workload } from "./workloads.ts";
import { Load } from "./wrk.ts";

/** What one module costs in one workload. */
export interface Cost {
  readonly variant: Variant;
  /** The median of the rounds, of what each copy adds to a request. */
  readonly microsPerFilter: number;
  readonly leastMicrosPerFilter: number;
  /** What Envoy's memory grew to over an Envoy without a filter. */
  readonly mib: number;
}

export interface Effort {
  readonly rounds: number;
  readonly seconds: number;
}

interface Running {
  readonly variant: Variant | null;
  readonly envoy: Envoy;
  /** Microseconds a request, round by round. */
  readonly micros: number[];
}

/**
 * Loads each variant's Envoy by turns, in another order in each round, so that what disturbs the machine disturbs all
 * of them. The one without a filter is what the others are held against.
 */
export async function measure(
  binary: string,
  workload: Workload,
  variants: readonly Variant[],
  { rounds, seconds }: Effort,
): Promise<Cost[]> {
  await using stack = new AsyncDisposableStack();
  const load = stack.use(await Load.create(workload));
  const running: Running[] = [];
  for (const variant of [null, ...variants]) {
    const envoy = stack.use(await Envoy.start(binary, variant?.file ?? null));
    running.push({ variant, envoy, micros: [] });
    await load.put(envoy.origin, 1);
  }
  for (let round = 0; round < rounds; round++) {
    for (let i = 0; i < running.length; i++) {
      const turn = running[(i + round) % running.length];
      if (turn !== undefined) turn.micros.push(await microsPerRequest(turn.envoy, load, seconds));
    }
  }
  const memory = await Promise.all(running.map(({ envoy }) => envoy.residentMib()));
  const [base, ...rest] = running.map(({ micros }, i) => ({ micros, mib: memory[i] ?? 0 }));
  if (base === undefined) return [];
  return variants.map((variant, i) => {
    const { micros, mib } = rest[i] ?? base;
    return {
      variant,
      microsPerFilter: (median(micros) - median(base.micros)) / copies,
      leastMicrosPerFilter: (Math.min(...micros) - Math.min(...base.micros)) / copies,
      mib: mib - base.mib,
    };
  });
}

/** What an Envoy takes for a request, in microseconds of a processor. */
export async function microsPerRequest(envoy: Envoy, load: Load, seconds: number): Promise<number> {
  const before = await envoy.cpuNanos();
  const requests = await load.put(envoy.origin, seconds);
  return ((await envoy.cpuNanos()) - before) / 1_000 / requests;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}
