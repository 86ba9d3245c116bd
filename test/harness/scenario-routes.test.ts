import { Upstream } from "proxy-wasm-harness";
import {
  cluster,
  listener,
  route,
  virtualHost,
  wasm,
  type Route,
  type ScenarioRequest,
} from "proxy-wasm-harness/scenario";
import { expect, scenarioTest } from "proxy-wasm-harness/vitest";
import { runSpec } from "./run-spec.ts";
import { guest, ours } from "./scenario-fixture.ts";

const test = scenarioTest();

test.for<[string, Route, ScenarioRequest, ScenarioRequest]>([
  ["a prefix", route("/a", 201), { path: "/ab" }, { path: "/b" }],
  ["a path", route({ path: "/a" }, 201), { path: "/a?q" }, { path: "/ab" }],
  ["an expression", route({ regex: "/a/[0-9]+" }, 201), { path: "/a/12" }, { path: "/a/b" }],
  [
    "a header",
    route({ headers: { "x-a": "1" } }, 201),
    { headers: { "x-a": "1" } },
    { headers: { "x-a": "2" } },
  ],
  [
    "whatever Envoy matches",
    route(
      {
        with: {
          queryParameters: [
            { name: "q", queryParameterMatchSpecifier: { case: "presentMatch", value: true } },
          ],
        },
      },
      201,
    ),
    { path: "/?q=1" },
    { path: "/?r=1" },
  ],
])("%s chooses a route", async ([, chosen, fits, other], { start }) => {
  const mesh = await start({ listeners: [listener("in", { httpFilters: [ours()], routes: [chosen] })] });

  expect(await mesh.request("in", fits)).toHaveStatus(201);
  expect(await mesh.request("in", other)).toHaveStatus(404);
});

test("the authority chooses a virtual host", async ({ start }) => {
  const virtualHosts = [
    virtualHost("a", ["a.example"], { routes: [route("/", 201)] }),
    virtualHost("others", ["*"], { routes: [route("/", 202)] }),
  ];
  const mesh = await start({ listeners: [listener("in", { virtualHosts })] });

  expect(await mesh.get("in", "/", { authority: "a.example" })).toHaveStatus(201);
  expect(await mesh.get("in", "/", { authority: "b.example" })).toHaveStatus(202);
});

test("a route's metadata reaches a filter", async ({ start, upstream }) => {
  const metadata = { "route-settings": { text: "of the route" } };
  const mesh = await start({
    listeners: [
      listener("in", {
        httpFilters: [wasm(guest("route-settings"))],
        routes: [route("/", "service", { metadata })],
      }),
    ],
    clusters: [cluster("service", upstream)],
  });

  await mesh.get("in", "/");

  expect(upstream.requests[0]?.headers.get("x-settings")).toContain("of the route");
});

test("a trap refuses the request with the filter's name", async ({ start }) => {
  const traps = wasm(guest("traps"), { in: "request_headers", how: "unreachable" });
  const mesh = await start(
    { listeners: [listener("in", { httpFilters: [traps], routes: [route("/", 200)] })] },
    { allowTraps: true },
  );

  const response = await mesh.get("in", "/");
  await mesh.settled();

  expect(response).toHaveStatus(503);
  expect(mesh.traps).toMatchObject([{ plugin: "traps", callback: "proxy_on_request_headers" }]);
});

test("a handler that throws fails the request that it should have answered", async ({ start, upstream }) => {
  upstream.respond(() => {
    throw new Error("no such answer");
  });
  const mesh = await start({
    listeners: [listener("in", { routes: [route("/", "service")] })],
    clusters: [cluster("service", upstream)],
  });

  await expect(mesh.get("in", "/")).rejects.toThrow("no such answer");
});

test.for([
  ["a misspelt option", { listeners: [], cluster: [] }, 'unknown option "cluster": did you mean "clusters"?'],
  [
    "a plugin that is not there",
    { listeners: [listener("in", { httpFilters: [wasm("no-such-filter")], routes: [] })] },
    "no-such-filter",
  ],
  [
    "a route to a cluster that is not there",
    { listeners: [listener("in", { routes: [route("/", "nowhere")] })] },
    "nowhere",
  ],
] as const)("%s is refused, with its name", async ([, scenario, name], { start }) => {
  await expect(start(scenario)).rejects.toThrow(name);
});

test("in the embedded backend it is skipped, and a trap fails it in a real Envoy", async () => {
  expect(await runSpec("starts-a-scenario", "embedded")).toMatchObject({ status: "skipped" });
  const { status, messages } = await runSpec("starts-a-scenario", "envoy");
  expect(status).toBe("failed");
  expect(messages).toContain('plugin "traps" trapped');
});

test("an upstream that several clusters have is one server", async ({ start }) => {
  const shared = new Upstream();
  const mesh = await start({
    listeners: [listener("in", { routes: [route("/a", "a"), route("/b", "b")] })],
    clusters: [cluster("a", shared), cluster("b", shared)],
  });

  await mesh.get("in", "/a");
  await mesh.get("in", "/b");

  expect(shared.requests.map(({ path }) => path)).toEqual(["/a", "/b"]);
});
