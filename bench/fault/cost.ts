import { Envoy } from "../envoy.ts";
import { type Effort, median, microsPerRequest } from "../measure.ts";
import type { Workload } from "../workloads.ts";
import { Load } from "../wrk.ts";
import { bootstrap, native, ours } from "./bootstrap.ts";

/** How often a filter stands in the chain: its cost is divided by this, and so is the noise. */
const COPIES = 4;

const workload: Workload = {
  ...{ task: "fault", what: "no fault", method: "GET", paths: ["/api/v1/items"], goal: 1 },
  headers: { "x-fault": "no", "user-agent": "bench", accept: "*/*" },
};

/** What one filter adds to a request that its rule does not match, in microseconds of CPU, beside Envoy's own. */
export async function costOfNoFault(binary: string, { rounds, seconds }: Effort): Promise<string> {
  await using stack = new AsyncDisposableStack();
  const load = stack.use(await Load.create(workload));
  const running: Array<{ envoy: Envoy; micros: number[] }> = [];
  for (const filter of [null, native, ours]) {
    const filters = filter === null ? [] : Array.from({ length: COPIES }, () => filter);
    const envoy = stack.use(await Envoy.startWith(binary, bootstrap(filters), 1));
    await load.put(envoy.origin, 1);
    running.push({ envoy, micros: [] });
  }
  for (let round = 0; round < rounds; round++) {
    for (const { envoy, micros } of running) micros.push(await microsPerRequest(envoy, load, seconds));
  }
  const [none = NaN, ...costs] = running.map(({ micros }) => median(micros));
  const [byEnvoy = NaN, byUs = NaN] = costs.map((micros) => (micros - none) / COPIES);
  return `a request without a fault: Envoy's own filter ${byEnvoy.toFixed(2)} µs, ours ${byUs.toFixed(2)} µs`;
}
