import type { StartedProxy, Upstream } from "proxy-wasm-harness";
import { expect, filterTest } from "proxy-wasm-harness/vitest";
import { inject } from "vitest";
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

/** The upstream answers when the filter has had its turn. */
function answerLate(upstream: Upstream, service: Upstream | undefined): void {
  const isLate = Promise.withResolvers<object>();
  service?.respond(({ path }) => {
    if (path === "/late") isLate.resolve({});
    return {};
  });
  // where time is virtual it stands still while a handler waits
  upstream.respond(inject("proxyWasmBackend") === "embedded" ? { delayMs: 50 } : () => isLate.promise);
}

async function logged(proxy: StartedProxy, headers: Record<string, string>): Promise<string[]> {
  expect(await proxy.get("/", { headers })).toHaveStatus(200);
  await proxy.settled();
  return proxy.logs.map(({ message }) => message);
}

for (const by of ["callback", "callout", "timer"]) {
  test(`a route is chosen anew by a ${by}, as long as the request is held`, async ({ proxy }) => {
    expect(await logged(proxy, { "x-by": by })).toEqual(["first here", "cleared true", "last here"]);
  });
}

const tooLate = [
  ["passed_callout", "onResult of a callout"],
  ["passed_timer", "onTime of a timer"],
  ["response", "onResponseHeaders"],
] as const;

for (const [by, place] of tooLate) {
  test(`a request that has gone to its route is refused another by ${by}`, async ({
    proxy,
    upstream,
    clusters,
  }) => {
    if (by !== "response") answerLate(upstream, clusters["service"]);

    expect(await logged(proxy, { "x-by": by })).toEqual([
      "first here",
      refusedIn(place),
      "cleared false",
      "last here",
    ]);
  });
}

test("a path that is changed has another route by that alone", async ({ proxy }) => {
  const headers = { "x-path": "/elsewhere" };

  expect(await logged(proxy, headers)).toEqual(["first here", "last elsewhere"]);
});
