import {
  startProxy,
  type BackendName,
  type PluginOptions,
  type RequestInput,
  type ResponseInput,
  type UpstreamFault,
} from "proxy-wasm-harness";
import { describe, expect } from "vitest";
import { guest } from "../guests/guest.ts";
import { test } from "../project.ts";
import { expectParity } from "./parity.ts";
import { requiresEnvoy } from "./requires-envoy.ts";

const accessLoggers: readonly PluginOptions[] = [
  { filter: guest("logs-access"), configuration: { greeting: "hello" }, vmConfiguration: "of the VM" },
];

describe("what an access logger is shown of a stream", () => {
  const chunked = { "transfer-encoding": "chunked" };
  // A table: one line an exchange.
  // prettier-ignore
  const exchanges: Array<[title: string, request: RequestInput, response?: ResponseInput | UpstreamFault]> = [
    ["with bodies", { method: "POST", body: "one", headers: { "x-a": "1" } }, { body: "two", headers: { "x-b": "2" } }],
    ["without bodies", {}, {}],
    ["with trailers", { method: "POST", headers: { ...chunked, te: "trailers" }, body: "one", trailers: { "x-sum": "1" } }, { body: "two", trailers: { "x-sum": "2" } }],
    ["of a HEAD", { method: "HEAD" }],
    ["that is answered by 204", {}, { status: 204 }],
    ["that nobody takes", {}, { fault: "refuse" }],
    ["that it tries to change", { headers: { "x-write": "" } }],
    ["with fields that occur twice", { headers: [["x-a", "1"], ["x-a", "2"]] }, { headers: [["x-b", "1"], ["x-b", "2"]] }],
  ];

  test.for(exchanges)("%s", async ([, request, response], { skip, envoys }) => {
    await requiresEnvoy(skip);

    const headers = [...Object.entries(request.headers ?? {}), ["x-all", ""]] as Array<[string, string]>;
    const all = Array.isArray(request.headers) ? [...request.headers, ["x-all", ""] as const] : headers;
    await expectParity(envoys, {
      filter: guest("observer"),
      accessLoggers,
      request: { ...request, headers: all },
      response,
    });
  });

  test("that a filter answers", async ({ skip, envoys }) => {
    await requiresEnvoy(skip);

    const configuration = { rules: [{ allow: { header: "x-role", present: true } }] };
    const request = { headers: { "x-all": "" } };
    await expectParity(envoys, { filter: "header-authz", configuration, accessLoggers, request });
  });
});

/** What plugins say and call when the proxy stops, in order. */
async function lastWords(backend: BackendName): Promise<string[]> {
  const ending = { filter: guest("ends-later"), vmId: "ending" };
  await using proxy = await startProxy({
    backend,
    envoy: { concurrency: 1 },
    chain: [
      { ...ending, name: "one", configuration: { name: "one" } },
      { ...ending, name: "two", configuration: { name: "two", after_ms: 5 } },
      { ...ending, name: "three", vmId: "three", configuration: { name: "three" } },
    ],
    accessLoggers: [{ filter: guest("filters-and-logs"), rootId: "logger" }],
  });
  await proxy.get("/");
  await proxy.settled();
  const [logs, calls] = [proxy.logs.length, proxy.transcript.length];
  await proxy.stop();
  const said = proxy.logs.slice(logs).map(({ source, message }) => `${source}: ${message}`);
  return [...said, ...proxy.transcript.slice(calls).map(({ kind, name }) => `${kind} ${name}`)];
}

test("plugins end in the same order, on the worker and then on Envoy's main thread", async ({ skip }) => {
  await requiresEnvoy(skip);

  expect(await lastWords("embedded")).toEqual(await lastWords("envoy"));
});
