import { HarnessError, type StartedProxy } from "proxy-wasm-harness";
import { chainTest, expect, filterTest } from "proxy-wasm-harness/vitest";
import { step } from "../differential/flows/step.ts";
import { assembled, type Argument } from "../differential/program.ts";
import { guest } from "../guests/guest.ts";
import { requiresCi } from "../harness/requires-ci.ts";
import { backend } from "../project.ts";
import { playing, playingOnce } from "./playing.ts";

const MIB = 1 << 20;
const seeing = playingOnce([]);

const fields = (count: number, length: number): Array<[string, string]> =>
  Array.from({ length: count }, (_, i) => [`x-${i}`, "x".repeat(length)]);

// A table: one line a limit.
// prettier-ignore
const refused: Array<[what: string, headers: Array<[string, string]>]> = [
  ["more than 60 KiB of headers", fields(1, 61_500)],
  ["many headers of more than 60 KiB", fields(80, 1_000)],
  ["more than 100 headers", fields(99, 1)], // host and connection are among them
];

seeing.test.for(refused)("11: %s never reach the filter", async ([, headers], { proxy, upstream }) => {
  const response = await proxy.get("/", { headers });
  await proxy.settled();

  expect(response).toHaveStatus(431);
  expect(proxy.transcript.map(({ name }) => name)).not.toContain("proxy_on_request_headers");
  expect(upstream.requests).toEqual([]);
  expect(proxy.accessLog).toMatchObject([{ status: 431 }]);
});

// prettier-ignore
const taken: Array<[what: string, headers: Array<[string, string]>]> = [
  ["almost 60 KiB of headers", fields(1, 61_000)],
  ["100 headers", fields(98, 1)],
];

seeing.test.for(taken)("11: %s do", async ([, headers], { proxy, upstream }) => {
  expect(await proxy.get("/", { headers })).toHaveStatus(200);

  expect(upstream.requests).toHaveLength(1);
});

const buffering = { steps: [], returns: 1 };
const bufferingRequest = playing({ proxy_on_request_body: [buffering, buffering] });

bufferingRequest.test("12: more than 1 MiB of a request is not kept", async ({ proxy, upstream }) => {
  const response = await proxy.post("/", [new Uint8Array(MIB), new Uint8Array(MIB / 2)]);
  await proxy.settled();

  expect([response.status, response.text()]).toEqual([413, "Payload Too Large"]);
  expect(proxy.accessLog).toMatchObject([{ status: 413, details: "request_payload_too_large" }]);
  expect(upstream.requests).toEqual([]);
});

const bufferingResponse = playing({ proxy_on_response_body: [buffering, buffering] });

bufferingResponse.test(
  "12: a response that was begun is cut when more than 1 MiB of it is kept",
  async ({ proxy, upstream }) => {
    upstream.respond({ body: new Uint8Array(1.5 * MIB) });

    const cut = await proxy.get("/").then(() => null, HarnessError.from);
    await proxy.settled();

    expect(cut).toMatchObject({ code: "internal" });
    expect(proxy.accessLog).toMatchObject([{ status: 200, details: "response_payload_too_large" }]);
  },
);

seeing.test("12: what is not kept is as long as it likes", async ({ proxy, upstream }) => {
  upstream.respond({ body: new Uint8Array(1.5 * MIB) });
  const response = await proxy.post("/", new Uint8Array(1.5 * MIB));

  expect(response.body).toHaveLength(1.5 * MIB);
  expect(upstream.requests[0]?.body).toHaveLength(1.5 * MIB);
});

const storming = filterTest(guest("raw/calls-out-storm"), undefined, {
  clusters: ["service"],
  logLevel: "info",
});

storming(
  "13: of 1,100 callouts at once 1,024 are made, and the others refused",
  async ({ proxy, clusters }) => {
    expect(await proxy.get("/")).toHaveStatus(200);
    await expect.poll(() => answeredBy(proxy)).toBe(1_024);

    expect(proxy.stats.changed()).toMatchObject({
      "calls_out_storm.asked": 1_024,
      "calls_out_storm.refused": 76,
    });
    expect(proxy.stats).not.toHaveCounter("calls_out_storm.else");
    expect(clusters["service"]?.requests).toHaveLength(1_024);
  },
);

const request: Argument = [[":method", "GET"], [":path", "/"], [":authority", "service"]]; // prettier-ignore
const askingAtStart = assembled({
  proxy_on_configure: { steps: [step("proxy_http_call", "service", request, "", [], 1_000)], returns: 1 },
});
const afterCanaries = chainTest(
  [{ filter: guest("plays"), configuration: askingAtStart.bytes }, { filter: guest("raw/calls-out-storm") }],
  { clusters: ["service"], logLevel: "info", envoy: { concurrency: 1 } },
);

afterCanaries(
  "13: what a VM has asked that only tries a configuration is not waited for",
  async ({ proxy }) => {
    await proxy.settled();
    expect(await proxy.get("/")).toHaveStatus(200);
    await proxy.settled();

    expect(proxy.stats).toHaveCounter("calls_out_storm.asked", 1_025); // one more has the connection of the worker's own
  },
);

/** A real Envoy takes seconds for a test. */
function leaveToCi(skip: (note: string) => void): void {
  if (backend !== "embedded") requiresCi(skip);
}

storming(
  "13: 1,024 callouts more wait for those that are open",
  async ({ proxy, clusters: { service }, skip }) => {
    leaveToCi(skip);
    const gate = service?.hold();
    await proxy.get("/");
    await gate?.arrived(1_024);
    await proxy.get("/");
    expect(gate?.count).toBe(1_024);
    gate?.release();
    await expect.poll(() => answeredBy(proxy)).toBe(2_048);

    expect(proxy.stats.changed()).toMatchObject({
      "calls_out_storm.asked": 2_048,
      "calls_out_storm.refused": 152,
    });
  },
);

const impatient = filterTest(guest("raw/calls-out-storm"), "x".repeat(50), {
  clusters: ["service"],
  logLevel: "info",
});

impatient("13: a callout that waits has its timeout", async ({ proxy, clusters: { service }, skip }) => {
  leaveToCi(skip);
  service?.respond({ fault: "silence" });
  using gate = backend === "envoy" ? service?.hold() : undefined; // which ends, so that Envoy is quiet then
  await proxy.get("/");
  await expect.poll(() => service?.requests.length).toBe(1_024);
  await proxy.get("/");

  if (backend === "embedded") await proxy.clock.advance(50);
  await expect.poll(() => countOf(proxy, "calls_out_storm.answered")).toBe(1_024);
  expect(service?.requests).toHaveLength(1_024);
  if (gate !== undefined) service?.respond({});
});

/** How many callouts of the storm are answered, once nothing is under way. */
async function answeredBy(proxy: StartedProxy): Promise<number | null> {
  await proxy.settled();
  return proxy.stats.get("calls_out_storm.answered");
}

/** A counter while streams may be open. */
async function countOf(proxy: StartedProxy, name: string): Promise<number | null> {
  if (backend === "envoy") {
    const stats = await proxy.admin.get(`/stats?filter=${name}`);
    return Number(/: (\d+)/.exec(stats)?.[1]);
  }
  await proxy.settled();
  return proxy.stats.get(name);
}

/** What a gRPC call or stream is told that a cluster does not take. */
const overflow =
  "upstream connect error or disconnect/reset before headers. reset reason: overflow{upstream_reset_before_response_started{overflow}}";

/** Envoy's count of those that were refused when there was a connection for them. */
const lateRefusals = "greeter.*upstream_rq_active_overflow";

/** What is asked for once 1,024 are open: the first waits for a connection, and each more is refused at once. */
const beyond = [
  [
    "calls",
    { asked: 1_025, refused: 77, unavailable: 78, received: 1_024 },
    [...["asked", "unavailable", overflow], ...["refused", "unavailable", overflow]],
  ],
  [
    "streams",
    {
      asked: 1_025,
      refused: 2,
      unavailable: 3,
      received: 1_024,
      initial: 1_027,
      trailing: 1_027,
      closed: 1_024,
    },
    [
      ...["asked", "initial", "trailing", "unavailable", overflow],
      ...["initial", "trailing", "refused", "unavailable", overflow],
    ],
  ],
] as const;

for (const [kind, counts, lines] of beyond) {
  const asking = filterTest(guest("raw/grpc-storm"), kind === "calls" ? "call" : "stream", {
    grpcClusters: ["greeter"],
    logLevel: "info",
  });
  asking(`13: of gRPC ${kind} 1,024 are open at once`, async ({ proxy, grpcClusters: { greeter }, skip }) => {
    leaveToCi(skip);
    const gate = Promise.withResolvers<null>();
    greeter?.stream("/pkg.Greeter/Greet", async function* () {
      await gate.promise;
      yield "";
    });
    await proxy.get("/");
    await expect.poll(() => greeter?.calls.length).toBe(1_024);
    await proxy.get("/");
    if (backend === "envoy") await expect.poll(() => countOf(proxy, lateRefusals)).toBe(1);
    await proxy.get("/");
    gate.resolve(null);
    await proxy.settled();

    const seen = Object.entries(proxy.stats.changed()).filter(([name]) => name.startsWith("grpc_storm."));
    expect(Object.fromEntries(seen.map(([name, count]) => [name.slice(11), count]))).toEqual(counts);
    const logged = proxy.logs.map(({ message }) => message);
    expect(logged.slice(logged.indexOf("asked")).slice(0, lines.length)).toEqual(lines);
    expect(greeter?.calls).toHaveLength(1_024);
  });
}

const streams = 200;
const paused = filterTest(guest("raw/obeys"));

paused(
  "14: paused streams that their clients abandon are over, and leave nothing",
  async ({ proxy, skip }) => {
    leaveToCi(skip); // a client of a real Envoy gives up after 10 s
    const pausing = { headers: { "x-do": "p" } };
    const abandoned = await Promise.allSettled(
      Array.from({ length: streams }, () => proxy.get("/", pausing)),
    );
    await proxy.settled();

    expect(abandoned.filter(({ status }) => status === "rejected")).toHaveLength(streams);
    expect(proxy.stats).toHaveCounter("obeys.deleted", streams);
    expect(proxy.accessLog.map(({ details }) => details)).toEqual(
      Array.from({ length: streams }, () => "downstream_remote_disconnect"),
    );
    expect(await proxy.get("/")).toHaveStatus(200);
  },
);
