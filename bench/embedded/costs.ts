import { setImmediate as turn } from "node:timers/promises";
import { median } from "../measure.ts";
import { authorized, percentile, startAuthz, timesMs } from "./authz.ts";
import { thousandTests } from "./thousand-tests.ts";
import { throughput } from "./throughput.ts";

const SINGLE = 2_000;
const PROXIES = 300;

/** What the embedded host takes: a table, and a line for each other number with its goal. */
export async function* embeddedCosts(rounds: number): AsyncGenerator<string> {
  yield* throughput(rounds);
  yield await singleRequests();
  yield await freshProxies();
  yield await thousandTests();
}

/** Each awaited from a turn of its own of Node's event loop, as in a test that waits for something else, too. */
async function singleRequests(): Promise<string> {
  await using proxy = await startAuthz();
  const once = async (): Promise<number> => {
    const [ms = NaN] = await timesMs(1, () => authorized(proxy));
    await turn();
    return ms * 1_000;
  };
  for (let i = 0; i < SINGLE; i++) await once();
  const micros: number[] = [];
  for (let i = 0; i < SINGLE; i++) micros.push(await once());
  return `a request awaited from a test: ${figures(micros, "µs", 1)}; goal ${verdict(median(micros), 100, "µs")}`;
}

/** Started, asked once, settled and gone. */
async function freshProxies(): Promise<string> {
  const once = async (): Promise<void> => {
    await using proxy = await startAuthz();
    await authorized(proxy);
    await proxy.settled();
  };
  await timesMs(PROXIES, once);
  const times = await timesMs(PROXIES, once);
  return `a proxy of its own, one request, its end: ${figures(times, "ms", 2)}; goal ${verdict(median(times), 2, "ms")}`;
}

function figures(values: readonly number[], unit: string, digits: number): string {
  const [middle, most] = [median(values), percentile(values, 0.99)].map((value) => value.toFixed(digits));
  return `median ${middle} ${unit}, 99 of 100 within ${most} ${unit}`;
}

function verdict(value: number, goal: number, unit: string): string {
  return `≤ ${goal} ${unit}: ${value <= goal ? "met" : "missed"}`;
}
