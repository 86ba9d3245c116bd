// What a test of a real Envoy costs beside what it tests: starting Envoy, a listener for each test, a filter's new configuration.
import { readdir, readFile } from "node:fs/promises";
import {
  EnvoyPool,
  startProxy,
  type EnvoyBinary,
  type ProxyOptions,
  type StartedProxy,
} from "proxy-wasm-harness";
import { bareStartMs } from "./bare-envoy.ts";
import { median } from "./measure.ts";
import { variantsOf } from "./variants.ts";
import { keys } from "./workloads.ts";

const STARTS = 9;
const CYCLES = 60;
const TESTS = 500;
const SETTLED = 100;

/** More than this after the first tests is growth. */
const MOST_GROWTH_MIB = 8;

/** One line for each number and its goal. */
export async function* testCosts(envoy: EnvoyBinary): AsyncGenerator<string> {
  yield await starts(envoy);
  yield await cycles("isolated", 18, {});
  yield await cycles("VMs shared", 10, { sharedVms: true });
  yield await swaps();
  yield await manyTests();
}

const filter = variantsOf("t1").find(({ name }) => name === "ours")?.file ?? "";
const request = { headers: { "x-api-key": keys[77] ?? "" } };

function options(envoy: ProxyOptions["envoy"] = {}): ProxyOptions {
  const plugin = { filter, name: "bench", configuration: keys.join("\n") };
  return { backend: "envoy", chain: [plugin], configDiscovery: true, logLevel: "info", envoy };
}

async function starts({ path }: EnvoyBinary): Promise<string> {
  const bare: number[] = [];
  const ours: number[] = [];
  for (let i = 0; i < STARTS; i++) {
    bare.push(await bareStartMs(path));
    ours.push(await firstAnswerMs());
  }
  const ratio = median(ours) / median(bare);
  const figures = `${median(ours).toFixed(0)} ms, a bare Envoy ${median(bare).toFixed(0)} ms`;
  return `start to first answer: ${figures}, ratio ${ratio.toFixed(2)}; goal ${verdict(ratio, 1.3)}`;
}

/** As a bare Envoy's: its end is not part of it. */
async function firstAnswerMs(): Promise<number> {
  const begun = performance.now();
  await using proxy = await startProxy({ ...options(), chain: [] });
  await proxy.get("/");
  return performance.now() - begun;
}

/** A listener with the filter, which does not come over ECDS, one request, and gone again: it goes when the next is there. */
async function cycles(name: string, goal: number, envoy: ProxyOptions["envoy"]): Promise<string> {
  await using pool = new EnvoyPool();
  const once = async (): Promise<void> => {
    await using proxy = await startProxy({ ...options({ pool, ...envoy }), configDiscovery: false });
    await answered(proxy);
  };
  await once();
  const times: number[] = [];
  for (let i = 0; i < CYCLES; i++) times.push(await timed(once));
  return `listener, request, delete (${name}): median ${median(times).toFixed(1)} ms; goal ${verdict(median(times), goal)}`;
}

async function swaps(): Promise<string> {
  await using proxy = await startProxy(options());
  const times: number[] = [];
  for (let i = 0; i < CYCLES; i++) {
    times.push(
      await timed(async () => {
        await proxy.configure([...keys, `key-${i}`].join("\n"));
        await answered(proxy);
      }),
    );
  }
  return `ECDS swap, pushed to served: median ${median(times).toFixed(1)} ms; goal ${verdict(median(times), 20)}`;
}

async function manyTests(): Promise<string> {
  await using pool = new EnvoyPool();
  let settled = 0;
  for (let i = 1; i <= TESTS; i++) {
    await using proxy = await startProxy(options({ pool }));
    await answered(proxy);
    if (i === SETTLED) settled = await residentMib();
  }
  const last = await residentMib();
  const figures = `${settled.toFixed(1)} MiB after ${SETTLED}, ${last.toFixed(1)} MiB at the end`;
  return `${TESTS} tests in one Envoy: ${figures}; ${last - settled <= MOST_GROWTH_MIB ? "flat" : "grown"}`;
}

async function answered(proxy: StartedProxy): Promise<void> {
  const { status } = await proxy.get("/", request);
  if (status !== 200) throw new Error(`the filter answered ${status}`);
}

async function timed(work: () => Promise<void>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

/** Of the one Envoy that descends from this process. */
async function residentMib(): Promise<number> {
  const processes = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const statuses = await Promise.all(
    processes.map((pid) => readFile(`/proc/${pid}/status`, "utf8").catch(() => "")),
  );
  const parentOf = (status: string): string => /PPid:\s+(\d+)/.exec(status)?.[1] ?? "";
  const guards = processes.filter((_, i) => parentOf(statuses[i] ?? "") === String(process.pid));
  const envoy = statuses.find(
    (status) => /^Name:\s+envoy$/m.test(status) && guards.includes(parentOf(status)),
  );
  return Number(/VmRSS:\s+(\d+)/.exec(envoy ?? "")?.[1] ?? NaN) / 1024;
}

function verdict(value: number, goal: number): string {
  return `≤ ${goal}: ${value <= goal ? "met" : "missed"}`;
}
