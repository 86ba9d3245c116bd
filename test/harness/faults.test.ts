import {
  GrpcUpstream,
  startProxy,
  Upstream,
  type HostCallName,
  type PluginOptions,
  type RequestInput,
  type StartedProxy,
  type StatusName,
} from "proxy-wasm-harness";
import { expect } from "proxy-wasm-harness/vitest";
import { test } from "vitest";
import { guest } from "../guests/guest.ts";

const statuses: readonly StatusName[] = [
  ...(["NotFound", "BadArgument", "SerializationFailure", "ParseFailure", "BadExpression"] as const),
  ...(["InvalidMemoryAccess", "Empty", "CasMismatch", "ResultMismatch", "InternalFailure"] as const),
  ...(["BrokenConnection", "Unimplemented"] as const),
];

interface Running {
  readonly proxy: StartedProxy;
  readonly upstream: Upstream;
}

/** An embedded proxy has nothing outside of this process that would have to end. */
async function start(...chain: PluginOptions[]): Promise<Running> {
  const [upstream, service, greeter] = [new Upstream(), new Upstream(), new GrpcUpstream()];
  const around = { clusters: { service }, grpcClusters: { greeter, journal: greeter } };
  return { upstream, proxy: await startProxy({ backend: "embedded", upstream, ...around, chain }) };
}

const authz = {
  filter: "header-authz",
  configuration: { rules: [{ allow: { header: "x-role", exact: "admin" } }] },
};
const aborting = {
  filter: "fault-injection",
  configuration: { rules: [{ name: "a", abort: { http_status: 418 } }] },
};
const of = (name: string, configuration: object = {}): PluginOptions => ({
  filter: guest(name),
  configuration,
});
const edits = [{ do: "add", name: "x-a", value: "1" }, { do: "set", name: "x-b", value: "1" }, { do: "remove", name: "x-c" }]; // prettier-ignore
const editing = of("echo-headers", { edits });
const appending = of("edits-bodies", { request: { mode: "whole", limit: 9, do: "append", text: "!" } });
const user = { headers: { "x-role": "user" } };
const queue = { headers: [["x-queue", "messages"], ["x-message", "a"], ["x-take", ""]] } as const; // prettier-ignore

interface Row {
  readonly call: HostCallName;
  readonly chain: readonly PluginOptions[];
  readonly request?: RequestInput;
  /** What the client gets all the same; default 200. */
  readonly answer?: number;
  /** Statuses that say something about the world, and are no failure; "all" where no status is logged. */
  readonly quiet?: readonly StatusName[] | "all";
}

// One call a line.
// prettier-ignore
const rows: readonly Row[] = [
  { call: "proxy_add_header_map_value", chain: [editing], request: { headers: { "x-c": "1" } } },
  { call: "proxy_call_foreign_function", chain: [of("foreign")], request: { headers: { "x-do": "zlib", "x-value": "a" } }, quiet: "all" },
  { call: "proxy_dequeue_shared_queue", chain: [of("queue-reader"), of("queue-writer")], request: queue, quiet: ["Empty"] },
  { call: "proxy_enqueue_shared_queue", chain: [of("queue-reader"), of("queue-writer")], request: queue },
  { call: "proxy_get_buffer_bytes", chain: [of("calls-out", { cluster: "service" })] },
  { call: "proxy_get_header_map_pairs", chain: [authz], request: user, answer: 401 },
  { call: "proxy_get_log_level", chain: [authz], request: user, answer: 403, quiet: "all" },
  { call: "proxy_get_property", chain: [of("properties")], request: { headers: { "x-get": "request|path" } }, quiet: "all" },
  { call: "proxy_get_shared_data", chain: [of("shared-data")], request: { headers: { "x-do": "get", "x-key": "a" } }, quiet: ["NotFound"] },
  { call: "proxy_get_status", chain: [of("calls-grpc")], answer: 503 },
  { call: "proxy_grpc_call", chain: [of("calls-grpc")], answer: 503 },
  { call: "proxy_grpc_send", chain: [of("plugin-grpc")] },
  { call: "proxy_grpc_stream", chain: [of("plugin-grpc")] },
  { call: "proxy_http_call", chain: [of("calls-out", { cluster: "service" })], answer: 503 },
  { call: "proxy_increment_metric", chain: [authz], request: user, answer: 403 },
  { call: "proxy_log", chain: [authz], request: user, answer: 403, quiet: "all" },
  { call: "proxy_record_metric", chain: [of("metrics")], request: { headers: { "x-record": "7" } } },
  { call: "proxy_remove_header_map_value", chain: [editing], request: { headers: { "x-c": "1" } } },
  { call: "proxy_replace_header_map_value", chain: [editing] },
  { call: "proxy_resolve_shared_queue", chain: [of("queue-reader"), of("queue-writer")], request: queue, quiet: ["NotFound"] },
  { call: "proxy_set_buffer_bytes", chain: [appending], request: { method: "POST", body: "abc" } },
  { call: "proxy_set_property", chain: [of("properties")], request: { headers: { "x-set": "mine=1" } } },
  { call: "proxy_set_shared_data", chain: [of("shared-data")], request: { headers: { "x-do": "race", "x-key": "a" } }, quiet: ["CasMismatch"] },
  { call: "proxy_set_tick_period_milliseconds", chain: [aborting], answer: 418 },
];

for (const { call, chain, request = {}, answer = 200, quiet = [] } of rows) {
  test(`a filter goes on when ${call} fails, and says how`, async () => {
    for (const [i, status] of statuses.entries()) {
      const { proxy } = await start(...chain);
      proxy.faults.hostCall(call, { status });

      expect(await proxy.request(request)).toHaveStatus(answer); // a trap would refuse it
      await proxy.settled();
      expect(proxy.faults.unmet).toEqual([]);
      expect(proxy.transcript).toHaveCalled(call, { result: status });
      if (quiet === "all" || quiet.includes(status)) continue;
      const line = `${call} was refused by the host with status ${status} (${i + 1})`;
      expect(proxy.logs).toHaveLogged("error", line);
    }
  });
}

test("whatever call fails, and however, what header-authz denies does not pass", async () => {
  const { proxy: undisturbed } = await start(authz);
  await undisturbed.request(user);
  await undisturbed.settled();
  const calls = new Set(
    undisturbed.transcript.flatMap(({ kind, name }) => (kind === "host_call" ? [name] : [])),
  );

  expect(calls.size).toBeGreaterThan(4);
  for (const call of calls as Set<HostCallName>) {
    for (const status of statuses) {
      const { proxy, upstream } = await start(authz);
      proxy.faults.hostCall(call, { status });
      const outcome = await proxy.request(user).then(({ status: code }) => code, (error: { code: string }) => error.code); // prettier-ignore

      // without a local reply nobody can answer: the request is held for ever
      expect([401, 403, "stream_stuck"]).toContain(outcome);
      expect(upstream.requests).toEqual([]);
    }
  }
});

test("only the call that was meant fails, counted from when the fault was set", async () => {
  const { proxy } = await start(of("shared-data"));
  const get = { headers: { "x-do": "get", "x-key": "a" } };
  await proxy.request(get);
  proxy.faults.hostCall("proxy_get_shared_data", { status: "InternalFailure", nth: 2 });
  for (let i = 0; i < 3; i++) await proxy.request(get);
  await proxy.settled();

  const results = proxy.transcript
    .filter(({ name }) => name === "proxy_get_shared_data")
    .map(({ result }) => result);
  expect(results).toEqual(["NotFound", "NotFound", "InternalFailure", "NotFound"]);
});

test("what a plugin does while it starts fails when it is started anew", async () => {
  const { proxy } = await start(authz);
  proxy.faults.hostCall("proxy_get_buffer_bytes", { status: "NotFound" });

  const refused = { code: "configuration_refused", message: expect.stringContaining("NotFound") as unknown };
  await proxy.update({ chain: [authz] }); // an equal plugin runs already, as in Envoy
  await expect(proxy.update({ chain: [{ ...authz, vmId: "anew" }] })).rejects.toMatchObject(refused);
});

test("a call that fails is not done", async () => {
  const { proxy, upstream } = await start(editing);
  proxy.faults.hostCall("proxy_add_header_map_value", { status: "BadArgument" });
  await proxy.get("/");
  proxy.faults.clear();
  await proxy.get("/");

  expect(upstream.requests.map(({ headers }) => headers.has("x-a"))).toEqual([false, true]);
});

test("a function of WASI fails with an error of its own", async () => {
  const { proxy } = await start(of("timers"));
  proxy.faults.hostCall("clock_time_get", { status: "NotSupported" });

  expect(await proxy.get("/", { headers: { "x-every": "60000" } })).toHaveStatus(200);
  await proxy.settled();
  expect(proxy.transcript).toHaveCalled("clock_time_get", { result: "NotSupported" });
});

test("a callback traps as it begins, and its plugin with it", async () => {
  await using proxy = await startProxy({
    backend: "embedded",
    chain: [of("edits-bodies")],
    allowTraps: true,
  });
  proxy.faults.trap("proxy_on_request_body", { nth: 1 });

  expect(await proxy.post("/", "abc")).toHaveStatus(503);
  await proxy.settled();
  expect(proxy.traps).toMatchObject([
    { callback: "proxy_on_request_body", reason: "a fault that the test has set", location: null },
  ]);
  expect(proxy.transcript).toHaveCalled("proxy_on_request_body", { trap: "a fault that the test has set" });
});

test("a trap that nobody allows fails the request", async () => {
  const { proxy } = await start(of("edits-bodies"));
  proxy.faults.trap("proxy_on_request_headers");

  await expect(proxy.get("/")).rejects.toMatchObject({ code: "filter_trapped" });
});

test("a fault that did not strike is told, with how often it could have", async () => {
  const { proxy } = await start(of("shared-data"));
  proxy.faults.hostCall("proxy_get_shared_data", { status: "Empty", nth: 3 });
  proxy.faults.trap("proxy_on_tick");
  await proxy.get("/", { headers: { "x-do": "get", "x-key": "a" } });

  expect(proxy.faults.unmet).toEqual([
    "proxy_get_shared_data → Empty, call 3: 1 call so far",
    "proxy_on_tick → trap: 0 calls so far",
  ]);
});

test.for([
  [
    "a call",
    (proxy: StartedProxy) =>
      proxy.faults.hostCall("proxy_get_shared_dat" as "proxy_log", { status: "Empty" }),
    'proxy.faults: there is no proxy_get_shared_dat here: did you mean "proxy_get_shared_data"?',
  ],
  [
    "a callback",
    (proxy: StartedProxy) => proxy.faults.trap("proxy_on_request_heders" as "proxy_on_log"),
    'proxy.faults: there is no proxy_on_request_heders here: did you mean "proxy_on_request_headers"?',
  ],
  [
    "a status",
    (proxy: StartedProxy) => proxy.faults.hostCall("proxy_log", { status: "NotFund" as "NotFound" }),
    'proxy.faults: proxy_log cannot fail with NotFund: did you mean "NotFound"?',
  ],
  [
    "success",
    (proxy: StartedProxy) => proxy.faults.hostCall("proxy_log", { status: "Ok" as "Empty" }),
    "proxy.faults: proxy_log cannot fail with Ok: there are NotFound, BadArgument,",
  ],
  [
    "an error of WASI",
    (proxy: StartedProxy) => proxy.faults.hostCall("proxy_log", { status: "NotSupported" }),
    "proxy.faults: proxy_log cannot fail with NotSupported",
  ],
  [
    "a call without a status",
    (proxy: StartedProxy) => proxy.faults.hostCall("proc_exit", { status: "Empty" }),
    "proxy.faults: proc_exit answers no status",
  ],
  [
    "no number",
    (proxy: StartedProxy) => proxy.faults.trap("proxy_on_log", { nth: 0 }),
    "proxy.faults: nth: 0 is not one of 1, 2, 3, …",
  ],
] as const)("%s that cannot be is refused", async ([, set, told]) => {
  const { proxy } = await start(authz);

  expect(() => set(proxy)).toThrow(
    expect.objectContaining({ code: "invalid_input", message: expect.stringContaining(told) as unknown }),
  );
});
