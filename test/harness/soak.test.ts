import { startProxy, Upstream } from "proxy-wasm-harness";
import { expect, test } from "vitest";
import { guest } from "../guests/guest.ts";

const rounds = 12;
const perRound = 1_000;
/** The collector's slack; what 8,000 streams leave behind is 20 pages of 64 KiB, or more. */
const slackPages = 4;

/** Everything that a stream can leave behind when it ends before it comes: each leaves the guest's memory in its time. */
const ways = ["call", "cancelled_call", "plugin_call", "timer", "cancelled_timer", "ticker"];

test.for(ways)("a %s that outlives its stream leaves the memory when its time has come", async (way) => {
  const service = new Upstream();
  service.respond({ delayMs: 500 });
  const chain = [{ filter: guest("hoards"), configuration: { way } }];
  await using proxy = await startProxy({ chain, clusters: { service }, logLevel: "info" });
  const pages: number[] = [];

  for (let round = 0; round < rounds; round++) {
    for (let i = 0; i < perRound; i++) await proxy.get("/");
    await proxy.clock.advance(1_000);
    await proxy.get("/", { headers: { "x-pages": "" } });
    await proxy.settled();
    pages.push(Number(proxy.logs.at(-1)?.message));
  }

  const [, , , warm = 0] = pages;
  expect(pages.at(-1)).toBeLessThanOrEqual(warm + slackPages);
  expect(proxy.logs.filter(({ level }) => level === "error")).toEqual([]);
});
