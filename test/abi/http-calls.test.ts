import type { ResponseInput, UpstreamFault, UpstreamHandler } from "proxy-wasm-harness";
import { expect, filterTest } from "proxy-wasm-harness/vitest";
import { guest } from "../guests/guest.ts";

const calling = filterTest(
  guest("calls-out"),
  { cluster: "service", timeout_ms: 20_000 },
  { clusters: ["service"] },
);

/** Waits only for a service that never answers in time. */
const impatient = filterTest(
  guest("calls-out"),
  { cluster: "service", timeout_ms: 50 },
  { clusters: ["service"] },
);

calling("a callout reaches the service as it was asked for", async ({ proxy, clusters }) => {
  await proxy.get("/");

  const [request] = clusters["service"]?.requests ?? [];
  expect([request?.method, request?.path, request?.authority]).toEqual(["POST", "/check?a=1", "service"]);
  expect(request?.headers.get("x-asked-by")).toBe("calls-out");
  expect(request?.headers.get("content-length")).toBe("12");
  expect(Buffer.from(request?.body ?? []).toString()).toBe("may it pass?");
});

calling("what a handler of the service throws is told", async ({ proxy, clusters }) => {
  clusters["service"]?.respond(() => {
    throw new Error("out of order");
  });

  const asked = proxy.get("/").then(() => proxy.settled());

  await expect(asked).rejects.toMatchObject({
    code: "invalid_input",
    message: "the upstream's handler threw: out of order",
  });
});

calling("what the upstream's handler throws is told", async ({ proxy, upstream }) => {
  upstream.respond(() => Promise.reject(new Error("out of order")));

  await expect(proxy.get("/")).rejects.toMatchObject({
    code: "invalid_input",
    message: "the upstream's handler threw: out of order",
  });
});

const noAnswers: Array<[seen: string, answer: unknown]> = [
  ["undefined", undefined],
  ["undefined", Promise.resolve(undefined)],
  ["'denied'", "denied"],
];

calling.for(noAnswers)(
  "a handler that returns %s is told what it is to return",
  async ([seen, answer], { proxy, upstream }) => {
    upstream.respond((() => answer) as UpstreamHandler);

    await expect(proxy.get("/")).rejects.toMatchObject({
      code: "invalid_input",
      message: `the upstream's handler returned ${seen}, which is no answer: return { status: 200, body: "text" } or its like`,
    });
  },
);

calling("the answer is read, and changes the request that waited", async ({ proxy, upstream, clusters }) => {
  clusters["service"]?.respond({ headers: { "x-user": "me" }, body: "yes" });
  const response = await proxy.post("/", "one");
  await proxy.settled();

  expect(response).toHaveStatus(200);
  expect(upstream.requests[0]?.headers.get("x-user")).toBe("me");
  expect(Buffer.from(upstream.requests[0]?.body ?? []).toString()).toBe("one");
  expect(proxy.logs).toHaveLogged("info", "it says yes");
});

const TIMED_OUT = 2;

// A table: one line an outcome.
// prettier-ignore
const outcomes: Array<
  [what: string, reaction: ResponseInput | UpstreamFault, outcome: number, status: number]
> = [
  ["answered", { status: 204 }, 0, 204],
  ["answered by a 503 of the service's own", { status: 503, body: "upstream connect error" }, 0, 503],
  ["answered by a 504 of the service's own", { status: 504, headers: { server: "me" }, body: "upstream request timeout" }, 0, 504],
  ["refused", { fault: "refuse" }, 1, 0],
  ["not answered", { fault: "silence" }, TIMED_OUT, 0],
  ["answered too late", { delayMs: 3_000 }, TIMED_OUT, 0],
  ["broken off", { fault: "reset" }, 3, 0],
];

for (const [what, reaction, outcome, status] of outcomes) {
  const test = outcome === TIMED_OUT ? impatient : calling;
  test(`a callout that is ${what} is told apart`, async ({ proxy, clusters }) => {
    clusters["service"]?.respond(reaction);
    await proxy.get("/");
    await proxy.settled();

    expect(proxy.logs).toHaveLogged("info", `outcome ${outcome}, status ${status}`);
  });
}

const nowhere = filterTest(guest("calls-out"), { cluster: "nowhere" });

nowhere("a callout that cannot be sent has its result at once, and one log line", async ({ proxy }) => {
  expect(await proxy.get("/")).toHaveStatus(503);
  await proxy.settled();

  expect(proxy.logs).toHaveLogged("info", "outcome 4, status 0");
  expect(proxy.logs).toHaveLogged(
    "error",
    "proxy_http_call was refused by the host with status BadArgument (2)",
  );
});

calling("many streams wait for their own answers", async ({ proxy, upstream, clusters }) => {
  clusters["service"]?.respond(({ headers }) => ({
    headers: { "x-user": headers.get("x-request-id") ?? "" },
  }));
  const statuses = await Promise.all(Array.from({ length: 20 }, () => proxy.get("/")));

  expect(statuses.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200));
  expect(upstream.requests).toHaveLength(20);
});

const forgetting = filterTest(guest("forgets"), {}, { clusters: ["service"] });

forgetting("an answer for a stream that is over is dropped", async ({ proxy, clusters }) => {
  const areOver = Promise.withResolvers<object>();
  clusters["service"]?.respond(() => areOver.promise);
  for (let i = 0; i < 3; i++) expect(await proxy.get("/")).toHaveStatus(200);
  areOver.resolve({});
  await proxy.settled();

  const callbacks = proxy.transcript.filter(({ name }) => name === "proxy_on_http_call_response");
  expect(callbacks).toHaveLength(3);
  expect(proxy.logs).not.toHaveLogged("info", "an answer");
});

const inSequence = filterTest(guest("asks-in-sequence"), {}, { clusters: ["users", "quotas"] });

inSequence("a second callout is made of the first one's answer", async ({ proxy, upstream, clusters }) => {
  clusters["users"]?.respond({ body: "me" });
  const response = await proxy.get("/", { headers: { authorization: "secret" } });

  expect(response).toHaveStatus(200);
  expect(clusters["users"]?.requests[0]?.headers.get("authorization")).toBe("secret");
  expect(clusters["quotas"]?.requests[0]?.headers.get("x-user")).toBe("me");
  expect(upstream.requests[0]?.headers.get("x-user")).toBe("me");
});

inSequence("the first answer decides whether the second is asked", async ({ proxy, clusters }) => {
  clusters["users"]?.respond({ status: 404 });

  expect(await proxy.get("/")).toHaveStatus(401);
  expect(clusters["quotas"]?.requests).toEqual([]);
});

inSequence("the second answer decides about the stream", async ({ proxy, upstream, clusters }) => {
  clusters["quotas"]?.respond({ status: 429 });

  expect(await proxy.get("/")).toHaveStatus(429);
  expect(upstream.requests).toEqual([]);
});

const both = { clusters: ["prices", "stocks"] };
const inParallel = filterTest(guest("asks-in-parallel"), {}, both);

inParallel("two callouts at once are waited for together", async ({ proxy, upstream, clusters }) => {
  clusters["prices"]?.respond({ body: "7", delayMs: 50 });
  clusters["stocks"]?.respond({ body: "3" });
  await proxy.get("/");

  expect(upstream.requests[0]?.headers.get("x-price")).toBe("7");
  expect(upstream.requests[0]?.headers.get("x-stock")).toBe("3");
});

filterTest(
  guest("asks-in-parallel"),
  { prices_ms: 50 },
  both,
)("one of two callouts may fail", async ({ proxy, upstream, clusters }) => {
  clusters["prices"]?.respond({ fault: "silence" });
  clusters["stocks"]?.respond({ body: "3" });
  await proxy.get("/");

  expect(upstream.requests[0]?.headers.get("x-price")).toBe("unknown");
  expect(upstream.requests[0]?.headers.get("x-stock")).toBe("3");
});

for (const framing of [{}, { "transfer-encoding": "chunked" }]) {
  const what = "transfer-encoding" in framing ? "in chunks" : "of announced length";
  const early = filterTest(guest("checks-bodies"), { ask: "headers" }, { clusters: ["service"] });
  const late = filterTest(guest("checks-bodies"), { ask: "body" }, { clusters: ["service"] });

  early(
    `a body ${what} is collected while a callout is awaited, then shown whole`,
    async ({ proxy, upstream, clusters }) => {
      clusters["service"]?.respond({ delayMs: 20 });
      await proxy.post("/", "one", { headers: framing });
      await proxy.settled();

      expect(Buffer.from(upstream.requests[0]?.body ?? []).toString()).toBe("one");
      expect(upstream.requests[0]?.headers.get("x-checked")).toBe("yes");
      expect(proxy.logs.filter(({ message }) => message === "whole: one")).toHaveLength(1);
    },
  );

  late(
    `a whole body ${what} is sent to a service, and grows by its answer`,
    async ({ proxy, upstream, clusters }) => {
      clusters["service"]?.respond(({ body }) => ({ body: ` of ${body.byteLength}` }));
      await proxy.post("/", "one", { headers: framing });

      expect(Buffer.from(upstream.requests[0]?.body ?? []).toString()).toBe("one of 3");
      expect(upstream.requests[0]?.headers.get("x-checked")).toBe("yes");
    },
  );

  late(
    `a whole body ${what} with trailers waits for a service, too`,
    async ({ proxy, upstream, clusters }) => {
      clusters["service"]?.respond({ body: "!" });
      await proxy.post("/", "one", {
        headers: { "transfer-encoding": "chunked" },
        trailers: { "x-sum": "6" },
      });

      expect(Buffer.from(upstream.requests[0]?.body ?? []).toString()).toBe("one!");
      expect(upstream.requests[0]?.trailers.get("x-sum")).toBe("6");
    },
  );
}

for (const ask of ["headers", "body"]) {
  filterTest(
    guest("checks-bodies"),
    { ask },
    { clusters: ["service"] },
  )(`a request without a body is a whole one, asked about at its ${ask}`, async ({ proxy, upstream }) => {
    expect(await proxy.get("/")).toHaveStatus(200);

    expect(upstream.requests[0]?.headers.get("x-checked")).toBe("yes");
  });
}
