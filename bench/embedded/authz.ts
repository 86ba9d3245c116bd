import { fileURLToPath } from "node:url";
import { startProxy, Upstream, type StartedProxy } from "proxy-wasm-harness";
import { keys, workloads } from "../workloads.ts";

/** T1 as this project compiles it. */
export const authzModule = fileURLToPath(new URL("../../build/bench/t1-ours.wasm", import.meta.url));
/** What the filter reads. */
export const authzConfiguration = keys.join("\n");

const workload = workloads.find(({ task }) => task === "t1");
/** What a request of T1 is sent with. */
export const authzPath = workload?.paths[0] ?? "/";
export const authzHeaders: Readonly<Record<string, string>> = workload?.headers ?? {};

/** A proxy with T1 as a test starts it, and an upstream that looks whether the filter did its work. */
export function startAuthz(): Promise<StartedProxy> {
  const upstream = new Upstream();
  upstream.respond(({ headers }) => {
    const isAllowed = headers.get("x-authz") === "allowed" && headers.get("x-authz-key") === keys[77];
    return { status: isAllowed ? 200 : 500, headers: { "content-type": "text/plain" }, body: "ok\n" };
  });
  const plugin = { filter: authzModule, name: "bench", configuration: authzConfiguration };
  return startProxy({ chain: [plugin], upstream });
}

/** One request, as a test sends it and looks at its answer. */
export async function authorized(proxy: StartedProxy): Promise<void> {
  const { status, headers } = await proxy.get(authzPath, { headers: authzHeaders });
  if (status !== 200 || headers.get("x-authz-by") !== "wasm")
    throw new Error(`T1 answered ${status} with ${String(headers)}`);
}

/** What each of so many takes of this process's processors, all threads of Node's own with it, in microseconds. */
export async function microsOfEach(count: number, work: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / count;
}

/** How long each call took, in milliseconds of real time, in their order. */
export async function timesMs(count: number, work: () => Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < count; i++) {
    const begun = performance.now();
    await work();
    times.push(performance.now() - begun);
  }
  return times;
}

/** The value that so large a part of all does not exceed. */
export function percentile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.ceil(sorted.length * part) - 1] ?? NaN;
}
