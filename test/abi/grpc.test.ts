import type { GrpcAnswer, UpstreamFault } from "proxy-wasm-harness";
import { expect, filterTest } from "proxy-wasm-harness/vitest";
import { guest } from "../guests/guest.ts";

const greet = "/pkg.Greeter/Greet";
const options = { grpcClusters: ["greeter"] };

const text = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString();

/** The message `Greeting { text = 1 }`. */
const greeting = (words: string): Uint8Array => {
  const bytes = new TextEncoder().encode(words);
  return Uint8Array.from([0x0a, bytes.length, ...bytes]);
};

const calling = filterTest(guest("calls-grpc"), { timeout_ms: 20_000 }, options);
/** Waits only for a service that never answers in time. */
const impatient = filterTest(guest("calls-grpc"), { timeout_ms: 50 }, options);
/** Waits until an answer has begun, and not for its end. */
const halfPatient = filterTest(guest("calls-grpc"), { timeout_ms: 2_000 }, options);

calling("a call reaches the service as it was made", async ({ proxy, grpcClusters: { greeter } }) => {
  greeter?.unary(greet, { message: greeting("hello") });
  await proxy.get("/", { headers: { "x-name": "me" } });

  const [call] = greeter?.calls ?? [];
  expect([call?.method, call?.authority]).toEqual([greet, "greeter"]);
  expect([call?.metadata.get("x-asked-by"), call?.metadata.get("key-bin")]).toEqual(["calls-grpc", "YSBi"]);
  expect(call?.received).toEqual([greeting("me")]);
  expect(call?.isHalfClosed).toBe(true);
});

calling("the answer changes the request that waited", async ({ proxy, upstream, grpcClusters }) => {
  grpcClusters["greeter"]?.unary(greet, ({ message }) => ({
    message: greeting(`hello ${text(message.slice(2))}`),
  }));
  const response = await proxy.post("/", "one", { headers: { "x-name": "me" } });

  expect(response).toHaveStatus(200);
  expect(upstream.requests[0]?.headers.get("x-greeting")).toBe("hello me");
  expect(text(upstream.requests[0]?.body)).toBe("one");
});

const timedOut = "outcome 2, status 14: upstream request timeout";
const unreachable = "upstream connect error or disconnect/reset before headers. reset reason:";

// A table: one line an outcome.
// prettier-ignore
const outcomes: Array<[what: string, answer: GrpcAnswer | UpstreamFault, logged: string]> = [
  ["answered", { message: "" }, "outcome 0, status 0: "],
  ["answered by an error", { status: 5, statusMessage: "no 100% ü" }, "outcome 0, status 5: no 100% ü"],
  ["answered by an error without words", { status: 7 }, "outcome 0, status 7: "],
  ["answered by a 14 of the service's own", { status: 14, statusMessage: unreachable }, `outcome 0, status 14: ${unreachable}`],
  ["answered by a message and an error", { message: "a", status: 3 }, "outcome 0, status 3: "],
  ["answered by OK without a message", { messages: [] }, "outcome 0, status 13: "],
  ["past the service's own deadline", { status: 4 }, "outcome 2, status 4: "],
  ["cut off before the answer", { fault: "refuse" }, `outcome 1, status 14: ${unreachable} connection termination`],
  ["reset before the answer", { fault: "reset" }, `outcome 1, status 14: ${unreachable} remote reset`],
  ["not answered", { fault: "silence" }, timedOut],
  ["answered too late", { delayMs: 3_000 }, timedOut],
];

for (const [what, answer, logged] of outcomes) {
  const test = logged === timedOut ? impatient : calling;
  test(`a call that is ${what} is told apart`, async ({ proxy, grpcClusters }) => {
    grpcClusters["greeter"]?.unary(greet, answer);
    await proxy.get("/");
    await proxy.settled();

    expect(proxy.logs.map(({ message }) => message)).toEqual([expect.stringContaining(logged)]);
  });
}

calling(
  "what a service's handler throws is told when the streams are settled",
  async ({ proxy, grpcClusters }) => {
    grpcClusters["greeter"]?.unary(greet, () => {
      throw new Error("out of order");
    });

    const asked = proxy.get("/").then(() => proxy.settled());

    await expect(asked).rejects.toMatchObject({
      code: "invalid_input",
      message: "the gRPC service's handler threw: out of order",
    });
  },
);

calling("a call whose answer breaks off is told apart", async ({ proxy, grpcClusters }) => {
  grpcClusters["greeter"]?.stream(greet, async function* () {
    yield "half an answer";
    return { fault: "reset" };
  });
  await proxy.get("/");
  await proxy.settled();

  expect(proxy.logs).toHaveLogged("info", "outcome 3, status 13");
});

halfPatient("a call whose answer begins and never ends is timed out", async ({ proxy, grpcClusters }) => {
  grpcClusters["greeter"]?.stream(greet, async function* () {
    yield "half an answer";
    return { fault: "silence" };
  });
  await proxy.get("/");
  await proxy.settled();

  expect(proxy.logs).toHaveLogged("info", "outcome 2, status 13");
});

calling("a method that the service does not have is an error of the service's", async ({ proxy }) => {
  expect(await proxy.get("/")).toHaveStatus(503);
  await proxy.settled();

  expect(proxy.logs).toHaveLogged("info", "outcome 0, status 12: the test has no such method");
});

// The last one is a serialised GrpcService without a target: as a bare name it would end Envoy.
for (const cluster of ["nowhere", "(1"]) {
  const nowhere = filterTest(guest("calls-grpc"), { cluster }, options);

  nowhere(
    `a call to the cluster ${cluster}, which is not there, has its result at once`,
    async ({ proxy, grpcClusters }) => {
      expect(await proxy.get("/")).toHaveStatus(503);
      expect(await proxy.get("/")).toHaveStatus(503);
      await proxy.settled();

      expect(proxy.logs).toHaveLogged("info", "outcome 4, status 14");
      expect(proxy.logs).toHaveLogged(
        "error",
        "proxy_grpc_call was refused by the host with status InternalFailure (10)",
      );
      expect(grpcClusters["greeter"]?.calls).toEqual([]);
    },
  );
}

const oddlyNamed = filterTest(guest("calls-grpc"), { cluster: "(1" }, { grpcClusters: ["(1"] });

oddlyNamed("a cluster whose name looks like a GrpcService is reached", async ({ proxy, grpcClusters }) => {
  grpcClusters["(1"]?.unary(greet, { message: greeting("hello") });

  expect(await proxy.get("/")).toHaveStatus(200);
});

calling("many streams wait for their own answers", async ({ proxy, upstream, grpcClusters }) => {
  grpcClusters["greeter"]?.unary(greet, ({ message }) => ({ message }));
  const names = Array.from({ length: 20 }, (_, i) => `me-${i}`);
  await Promise.all(names.map((name) => proxy.get(`/${name}`, { headers: { "x-name": name } })));

  expect(upstream.requests).toHaveLength(20);
  for (const { path, headers } of upstream.requests) expect(headers.get("x-greeting")).toBe(path.slice(1));
});

const cancelling = filterTest(guest("calls-grpc"), { cancel: true }, options);

cancelling("a call that was cancelled has no result", async ({ proxy, grpcClusters }) => {
  grpcClusters["greeter"]?.unary(greet, { fault: "silence" });
  expect(await proxy.get("/")).toHaveStatus(200);
  await proxy.settled();

  expect(proxy.logs).toEqual([]);
  expect(proxy.transcript.filter(({ name }) => name === "proxy_grpc_cancel")).toHaveLength(1);
});

const forgetting = filterTest(guest("calls-grpc"), { forget: true, timeout_ms: 60_000 }, options);

forgetting("a call of a stream that is over is cancelled", async ({ proxy, upstream, grpcClusters }) => {
  const { greeter } = grpcClusters;
  const isAsked = Promise.withResolvers<unknown>();
  greeter?.stream(greet, async function* () {
    isAsked.resolve(null);
    return { fault: "silence" };
  });
  upstream.respond(() => isAsked.promise.then(() => ({})));
  for (let i = 0; i < 3; i++) expect(await proxy.get("/")).toHaveStatus(200);
  await proxy.settled();

  expect(greeter?.calls.map(({ isCancelled }) => isCancelled)).toEqual([true, true, true]);
  expect(proxy.logs).toEqual([]);
});

const keeping = filterTest(guest("plugin-grpc"), {}, { grpcClusters: ["journal"] });

keeping("a plugin's stream and calls outlive the requests", async ({ proxy, grpcClusters: { journal } }) => {
  journal?.stream("/pkg.Journal/Write", async function* (call) {
    for await (const message of call.messages) yield message;
  });
  journal?.unary("/pkg.Journal/Count", ({ message }) => ({ message, delayMs: 10 }));
  for (const path of ["/1", "/2", "/3"]) expect(await proxy.get(path)).toHaveStatus(200);
  await proxy.settled();

  const [stream, ...others] = journal?.calls.filter(({ method }) => method.endsWith("Write")) ?? [];
  expect(others).toEqual([]);
  expect(stream?.received.map(text)).toEqual(["/1", "/2", "/3"]);
  expect(stream?.isCancelled).toBe(false);
  for (const path of ["/1", "/2", "/3"]) {
    expect(proxy.logs).toHaveLogged("info", `written: ${path}`);
    expect(proxy.logs).toHaveLogged("info", `counted: ${path}`);
  }
});

filterTest(guest("plugin-grpc"))(
  "a plugin's stream and calls that cannot be sent in a stream's callback end in the plugin",
  async ({ proxy }) => {
    await proxy.get("/");
    await proxy.settled();

    const results = proxy.logs.filter(({ level }) => level === "info");
    expect(results.map(({ source, message }) => `${source}: ${message}`)).toEqual([
      "plugin-grpc: closed: 14", // not "plugin-grpc plugin-grpc", which a stream's is
      "plugin-grpc: counted: ",
    ]);
  },
);

keeping(
  "a plugin opens a new stream when the service has ended the last one",
  async ({ proxy, grpcClusters }) => {
    const { journal } = grpcClusters;
    journal?.stream("/pkg.Journal/Write", async function* (call) {
      await call.messages.next();
    });
    journal?.unary("/pkg.Journal/Count", {});
    for (const path of ["/1", "/2"]) {
      await proxy.get(path);
      await proxy.settled();
    }

    const streams = journal?.calls.filter(({ method }) => method.endsWith("Write")) ?? [];
    expect(streams.map(({ received }) => received.map(text))).toEqual([["/1"], ["/2"]]);
    expect(proxy.logs).toHaveLogged("info", "closed: 0");
  },
);
