import type { Upstream, FilterConfigurations } from "proxy-wasm-harness";
import { cluster, listener, route, wasm, type StartedScenario } from "proxy-wasm-harness/scenario";
import { expect, scenarioTest } from "proxy-wasm-harness/vitest";
import { closesConnection, resetsStream } from "./broken-off.ts";

const configuration: FilterConfigurations["metrics"] = {
  labels: ["response_code", "response_flags"],
  histograms: [],
};

const test = scenarioTest(({ upstream }) => ({
  listeners: [
    listener("in", {
      httpFilters: [wasm("metrics", configuration)],
      accessLoggers: [wasm("metrics", configuration, { rootId: "metrics-access-log" })],
      routes: [
        route({ path: "/slow" }, "service", { timeoutMs: 20 }),
        route({ path: "/silent" }, "service", { idleTimeoutMs: 20 }),
        route({ path: "/retried" }, "service", { retry: { on: "5xx", times: 2 } }),
        route("/service", "service"),
        route("/empty", "empty"),
      ],
    }),
  ],
  clusters: [cluster("service", upstream), cluster("empty", [])],
}));

type Traffic = (mesh: StartedScenario, upstream: Upstream) => Promise<unknown>;

const get =
  (path: string, answer: Parameters<Upstream["respond"]>[0] = {}): Traffic =>
  async (mesh, upstream) => {
    upstream.respond(answer);
    await mesh.get("in", path).catch(() => null);
  };

const garbage: Traffic = async (mesh) => {
  const connection = await mesh.connect("in");
  await connection.send("nothing of HTTP\r\n\r\n");
  await connection.receiveRest();
};

// A table: one line a case.
// prettier-ignore
const cases: Array<[what: string, traffic: Traffic, code: number, flags: string, error: string | null]> = [
  ["an answer", get("/service"), 200, "-", null],
  ["not found by the upstream", get("/service", { status: 404 }), 404, "-", null],
  ["no route", get("/nowhere"), 404, "NR", null],
  ["an error of the upstream", get("/service", { status: 500 }), 500, "-", "5xx"],
  ["no endpoint", get("/empty"), 503, "UH", "5xx"],
  ["an upstream that closes before it answers", get("/service", { fault: "refuse" }), 503, "UC", "5xx"],
  ["an upstream that is too late", get("/slow", { fault: "silence" }), 504, "UT", "5xx"],
  ["retries in vain", get("/retried", { status: 503 }), 503, "URX", "5xx"],
  ["nothing happens for too long", get("/silent", { fault: "silence" }), 504, "SI", "5xx"],
  ["an upstream that breaks off within its response", get("/service", { fault: "reset" }), 200, "UPE", "reset"],
  ["a client that closes its connection", closesConnection, 0, "DC", "client_abort"],
  ["a client that resets its stream", resetsStream, 0, "DR", "client_abort"],
  ["a request that is none", garbage, 400, "DPE", null],
];

test.for(cases)("%s", async ([, traffic, code, flags, error], { mesh, upstream }) => {
  await traffic(mesh, upstream);
  await mesh.settled();

  for (const prefix of ["metrics", "metrics_access_log"]) {
    const labels = `{response_code=${code}}{response_flags=${flags}}`;
    const counted = mesh.stats.names().filter((name) => name.startsWith(`${prefix}.request`));
    expect(counted.toSorted()).toEqual([
      ...(error === null ? [] : [`${prefix}.request_errors_total${labels}{error=${error}}`]),
      `${prefix}.requests_total${labels}`,
    ]);
    expect(mesh.stats).toHaveCounter(`${prefix}.requests_total${labels}`, 1);
  }
});
