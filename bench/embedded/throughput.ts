// How many requests of T1 go through the whole stream machine of the embedded host, beside what the module takes alone.
import { median } from "../measure.ts";
import {
  authorized,
  authzConfiguration,
  authzHeaders,
  authzModule,
  authzPath,
  microsOfEach,
  startAuthz,
} from "./authz.ts";
import { BareHost } from "./bare-host.ts";

const REQUESTS = 40_000;
const AT_ONCE = 50;
const GOAL_PER_SECOND = 100_000;
const widths = [44, 12, 10, 10, 14];

/** One way to let T1 have so many requests. */
interface Way {
  readonly name: string;
  readonly goal: number | null;
  readonly send: (count: number) => unknown;
  readonly micros: number[];
}

/** A table: each way with its time for a request, on a processor, in rounds by turns. */
export async function* throughput(rounds: number): AsyncGenerator<string> {
  await using proxy = await startAuthz();
  const bare = bareHost();
  const ways: readonly Way[] = [
    way("T1 in a bare host", null, (count) => {
      for (let i = 0; i < count; i++) bare.request();
    }),
    way("T1, requests awaited one by one", GOAL_PER_SECOND, async (count) => {
      for (let i = 0; i < count; i++) await authorized(proxy);
    }),
    way(`T1, ${AT_ONCE} requests at once`, GOAL_PER_SECOND, async (count) => {
      for (let i = 0; i < count; i += AT_ONCE)
        await Promise.all(Array.from({ length: AT_ONCE }, () => authorized(proxy)));
    }),
  ];
  for (const { send } of ways) await send(REQUESTS); // V8 compiles what is used often
  for (let round = 0; round < rounds; round++)
    for (const { send, micros } of ways) micros.push(await microsOfEach(REQUESTS, () => send(REQUESTS)));
  yield row(["embedded host", "µs/request", "least", "to bare", "requests/s", "goal"]);
  const base = median(ways[0]?.micros ?? []);
  for (const each of ways) yield line(each, base);
}

function way(name: string, goal: number | null, send: Way["send"]): Way {
  return { name, goal, send, micros: [] };
}

/** It is asked for what the filters of the embedded host see. */
function bareHost(): BareHost {
  return new BareHost(authzModule, {
    configuration: authzConfiguration,
    headers: {
      ":authority": "localhost",
      ":path": authzPath,
      ":method": "GET",
      ":scheme": "http",
      ...authzHeaders,
      "x-forwarded-proto": "http",
      "x-request-id": "2f1c7a52-9d0e-4c55-8a3b-6f0b7f0f3c11",
    },
  });
}

function line({ name, goal, micros }: Way, base: number): string {
  const taken = median(micros);
  const perSecond = 1e6 / taken;
  return row([
    name,
    taken.toFixed(2),
    Math.min(...micros).toFixed(2),
    (taken / base).toFixed(2),
    thousands(perSecond),
    goal === null ? "" : `≥ ${thousands(goal)}: ${perSecond >= goal ? "met" : "missed"}`,
  ]);
}

function thousands(value: number): string {
  return Math.round(value).toLocaleString("en");
}

function row(cells: readonly string[]): string {
  return cells
    .map((cell, i) => cell.padEnd(widths[i] ?? 0))
    .join(" ")
    .trimEnd();
}
