import type { StartedProxy, Upstream } from "proxy-wasm-harness";
import { expect, filterTest } from "proxy-wasm-harness/vitest";
import { guest } from "../guests/guest.ts";

const test = filterTest(
  guest("reroutes"),
  {},
  {
    clusters: ["service"],
    virtualHost: {
      routes: [
        { prefix: "/elsewhere", name: "elsewhere" },
        { prefix: "/", name: "here" },
      ],
    },
  },
);

const refusedIn = (place: string): string =>
  `clear_route_cache was refused in ${place}: no request is on its way to a route: call it while a request is held`;

async function logged(
  { proxy, upstream }: { proxy: StartedProxy; upstream: Upstream },
  headers: Record<string, string>,
): Promise<string[]> {
  upstream.respond({ delayMs: 50 });
  expect(await proxy.get("/", { headers })).toHaveStatus(200);
  await proxy.settled();
  return proxy.logs.map(({ message }) => message);
}

for (const by of ["callback", "callout", "timer"]) {
  test(`a route is chosen anew by a ${by}, as long as the request is held`, async ({ proxy, upstream }) => {
    expect(await logged({ proxy, upstream }, { "x-by": by })).toEqual([
      "first here",
      "cleared true",
      "last here",
    ]);
  });
}

const tooLate = [
  ["passed_callout", "onResult of a callout"],
  ["passed_timer", "onTime of a timer"],
  ["response", "onResponseHeaders"],
] as const;

for (const [by, place] of tooLate) {
  test(`a request that has gone to its route is refused another by ${by}`, async ({ proxy, upstream }) => {
    expect(await logged({ proxy, upstream }, { "x-by": by })).toEqual([
      "first here",
      refusedIn(place),
      "cleared false",
      "last here",
    ]);
  });
}

test("a path that is changed has another route by that alone", async ({ proxy, upstream }) => {
  const headers = { "x-path": "/elsewhere" };

  expect(await logged({ proxy, upstream }, headers)).toEqual(["first here", "last elsewhere"]);
});
