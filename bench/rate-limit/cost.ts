import { Envoy } from "../envoy.ts";
import { median, microsPerRequest, type Effort } from "../measure.ts";
import type { Workload } from "../workloads.ts";
import { Load } from "../wrk.ts";
import { bootstrap, native, ours } from "./bootstrap.ts";

/** How often a filter stands in the chain: its cost is divided by this, and so is the noise. */
const COPIES = 4;

const workload: Workload = {
  ...{ task: "rate-limit", what: "one hot key", method: "GET", paths: ["/api/v1/items"], goal: 1 },
  headers: { "x-key": "hot", "user-agent": "bench", accept: "*/*" },
};

const limited = (algorithm: string, enabled = 100): object => ({
  rules: [
    {
      name: "r",
      key: [{ header: "x-key" }],
      limit: { requests: 1_000_000_000, per: "second", algorithm },
      enabled: { numerator: enabled },
    },
  ],
});

/** What stands in the chain, by what it is called. */
const chains: ReadonlyArray<readonly [name: string, filter: (name: string) => object]> = [
  ["Envoy's local_ratelimit", native],
  ["ours, its work removed", (name) => ours(limited("token_bucket", 0), name)],
  ["ours, token_bucket", (name) => ours(limited("token_bucket"), name)],
  ["ours, sliding_window", (name) => ours(limited("sliding_window"), name)],
];

/** A line for each: the microseconds of CPU that one filter adds to a request, on one worker. */
export async function costOfLimits(binary: string, { rounds, seconds }: Effort): Promise<string[]> {
  await using stack = new AsyncDisposableStack();
  const load = stack.use(await Load.create(workload));
  const start = async (filters: readonly object[]): Promise<{ envoy: Envoy; micros: number[] }> => {
    const envoy = stack.use(await Envoy.startWith(binary, bootstrap(filters), 1));
    await load.put(envoy.origin, 1);
    return { envoy, micros: [] };
  };
  const bare = await start([]);
  const running = [bare];
  for (const [, filter] of chains)
    running.push(await start(Array.from({ length: COPIES }, (_, i) => filter(`limit-${i}`))));
  for (let round = 0; round < rounds; round++) {
    for (const { envoy, micros } of running) micros.push(await microsPerRequest(envoy, load, seconds));
  }
  const costs = running.map(({ micros }) => (median(micros) - median(bare.micros)) / COPIES);
  return chains.map(([name], i) => `${name}: ${costs[i + 1]?.toFixed(2)} µs a request`);
}
