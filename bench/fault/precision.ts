import { once } from "node:events";
import net, { type AddressInfo } from "node:net";
import { startScenario } from "proxy-wasm-harness/scenario";
import { delaying, type Mechanism, mechanisms } from "./mechanisms.ts";
import { TimedRequests } from "./timed-requests.ts";

const delaysMs = [5, 10, 20, 50, 100, 200, 500];
const widths = [10, 8, ...mechanisms.map(() => 22), 20];

/** How many samples are taken of each delay. */
interface Load {
  readonly atOnce: number;
  readonly rounds: number;
}

/** How late delays end, in lines: our filter's, and one by callouts, beside those of Envoy's own filter in the same run. */
export async function* delayPrecision(rounds: number): AsyncGenerator<string> {
  await using silent = await startSilentService();
  await using mesh = await startScenario(delaying(silent.address), {
    logLevel: "warn",
    requestMs: 60_000,
    envoy: { concurrency: 1 },
  });
  using client = new TimedRequests();
  const ports = new Map<Mechanism, number>();
  for (const name of mechanisms) ports.set(name, await mesh.port(name));
  const take = (name: Mechanism, delayMs: number, atOnce: number): Promise<number[]> =>
    Promise.all(Array.from({ length: atOnce }, () => client.take(ports.get(name) ?? 0, delayMs)));

  yield "\ndelays: p50/p90/max in ms; goal: p50 within 3 ms, p90 within 10 ms of native";
  yield row(["at once", "ms", ...mechanisms, "tick to native"]);
  for (const load of [
    { atOnce: 1, rounds: rounds * 6 },
    { atOnce: 100, rounds },
  ]) {
    await warmUp(take, load);
    for (const delayMs of delaysMs) yield line(delayMs, load, await samples(take, delayMs, load));
  }
}

type Take = (name: Mechanism, delayMs: number, atOnce: number) => Promise<number[]>;

async function warmUp(take: Take, { atOnce }: Load): Promise<void> {
  for (let i = 0; i < 5; i++) for (const name of mechanisms) await take(name, 1, atOnce);
}

/** The mechanisms by turns, in another order in each round, so that what disturbs one of them disturbs all. */
async function samples(
  take: Take,
  delayMs: number,
  { atOnce, rounds }: Load,
): Promise<Record<Mechanism, number[]>> {
  const all: Record<Mechanism, number[]> = { native: [], tick: [], callout: [] };
  for (let round = 0; round < rounds; round++) {
    for (let i = 0; i < mechanisms.length; i++) {
      const name = mechanisms[(i + round) % mechanisms.length] ?? "native";
      all[name].push(...(await take(name, delayMs, atOnce)));
    }
  }
  return all;
}

function line(delayMs: number, { atOnce }: Load, all: Record<Mechanism, number[]>): string {
  const [native, tick] = [all.native, all.tick].map((values) => [
    quantile(values, 0.5),
    quantile(values, 0.9),
  ]);
  const [p50 = NaN, p90 = NaN] = [0, 1].map((i) => (tick?.[i] ?? NaN) - (native?.[i] ?? NaN));
  const verdict = p50 <= 3 && p90 <= 10 ? "met" : "missed";
  return row([
    String(atOnce),
    String(delayMs),
    ...mechanisms.map((name) => [0.5, 0.9, 1].map((p) => quantile(all[name], p).toFixed(1)).join("/")),
    `${signed(p50)}/${signed(p90)}: ${verdict}`,
  ]);
}

function signed(ms: number): string {
  return `${ms < 0 ? "" : "+"}${ms.toFixed(1)}`;
}

function quantile(values: readonly number[], p: number): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.min(Math.floor(p * sorted.length), sorted.length - 1)] ?? NaN;
}

function row(cells: readonly string[]): string {
  return cells
    .map((cell, i) => cell.padEnd(widths[i] ?? 0))
    .join(" ")
    .trimEnd();
}

/** Takes connections, and never says a word. */
async function startSilentService(): Promise<AsyncDisposable & { readonly address: string }> {
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket.on("error", () => socket.destroy()).on("close", () => sockets.delete(socket)));
    socket.resume();
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
