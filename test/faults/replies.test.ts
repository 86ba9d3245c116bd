import { HarnessError } from "proxy-wasm-harness";
import { expect } from "proxy-wasm-harness/vitest";
import { playingOnce, step } from "./playing.ts";

// A table: one line a status. A client of HTTP takes three digits for a status, and nothing else.
// prettier-ignore
const statuses: Array<[status: number, atClient: number | "no response", logged: number]> = [
  [0, "no response", 0],
  [99, "no response", 99],
  [600, 600, 600],
  [999, 999, 999],
  [1_000, "no response", 1_000],
  [70_000, "no response", 4_464], // 70,000 - 65,536
];

for (const [status, atClient, logged] of statuses) {
  const { test } = playingOnce([step("proxy_send_local_response", status, "", "", [], -1)]);

  test(`19: the status ${status} of a local reply is sent as it is`, async ({ proxy, upstream }) => {
    const seen = await proxy.get("/").catch(HarnessError.from);
    await proxy.settled();

    expect(seen).toMatchObject(atClient === "no response" ? { code: "internal" } : { status: atClient });
    expect(proxy.accessLog).toMatchObject([{ status: logged }]);
    expect(upstream.requests).toEqual([]);
  });
}
