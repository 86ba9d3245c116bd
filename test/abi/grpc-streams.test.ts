import type { GrpcUpstream, UpstreamFault } from "proxy-wasm-harness";
import { expect, filterTest } from "proxy-wasm-harness/vitest";
import { guest } from "../guests/guest.ts";

const chat = "/pkg.Greeter/Chat";
const options = { grpcClusters: ["greeter"] };
const unreachable = "upstream connect error or disconnect/reset before headers. reset reason:";
const text = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString();

/** What the guest `streams-grpc` does, by when. */
type Talk = Readonly<Record<string, readonly string[] | string | boolean>>;

const talking = (talk: Talk, name = "greeter") =>
  filterTest(guest("streams-grpc"), { cluster: name, ...talk }, options);

const messages = (logs: ReadonlyArray<{ level: string; message: string }>): string[] =>
  logs.filter(({ level }) => level === "info").map(({ message }) => message);

talking({ request: ["open", "send", "send", "send last"], closed: ["resume"] })(
  "a client's stream is answered once",
  async ({ proxy, grpcClusters }) => {
    grpcClusters["greeter"]?.unary(chat, ({ messages: all }) => ({
      message: all.map(text).join(" "),
      initialMetadata: { "x-first": "1" },
      metadata: { "x-last": "2" },
    }));
    expect(await proxy.get("/")).toHaveStatus(200);
    await proxy.settled();

    expect(messages(proxy.logs).slice(3)).toEqual([
      "initial metadata: :status=200 content-type=application/grpc x-first=1",
      "message: ping ping last",
      "trailing metadata: grpc-status=0 x-last=2",
      "closed: outcome 0, status 0, ",
    ]);
  },
);

talking({ request: ["open", "send last"], closed: ["resume"] })(
  "a service's stream has many messages, an empty one among them",
  async ({ proxy, grpcClusters }) => {
    grpcClusters["greeter"]?.unary(chat, { messages: ["one", "", "three"], delayMs: 20 });
    expect(await proxy.get("/")).toHaveStatus(200);
    await proxy.settled();

    expect(messages(proxy.logs).filter((line) => line.startsWith("message"))).toEqual([
      "message: one",
      "message: ",
      "message: three",
    ]);
  },
);

/** Answers each message as it comes. */
function echo(service: GrpcUpstream | undefined): void {
  service?.stream(chat, async function* (call) {
    for await (const message of call.messages) yield `re: ${text(message)}`;
    return { status: 0, metadata: { "x-count": String(call.received.length) } };
  });
}

talking({ request: ["open", "send"], message: ["send last"], trailing_metadata: ["resume"] })(
  "both sides of a stream talk by turns",
  async ({ proxy, grpcClusters }) => {
    echo(grpcClusters["greeter"]);
    await proxy.get("/");
    await proxy.settled();

    expect(grpcClusters["greeter"]?.calls[0]?.metadata.get("x-asked-by")).toBe("streams-grpc");
    expect(messages(proxy.logs)).toContain("message: re: ping");
    expect(messages(proxy.logs)).toContain("message: re: last");
    expect(messages(proxy.logs)).toContain("trailing metadata: grpc-status=0 x-count=2");
  },
);

talking({ request: ["open", "send"], message: ["close"], closed: ["resume"] })(
  "a stream that the filter closes ends when the service ends it",
  async ({ proxy, grpcClusters }) => {
    echo(grpcClusters["greeter"]);
    expect(await proxy.get("/")).toHaveStatus(200);
    await proxy.settled();

    expect(grpcClusters["greeter"]?.calls[0]?.isHalfClosed).toBe(true);
    expect(messages(proxy.logs).at(-1)).toBe("closed: outcome 0, status 0, ");
  },
);

talking({ request: ["open"], closed: ["resume"] })(
  "a stream that ends without an answer has its status",
  async ({ proxy, grpcClusters }) => {
    grpcClusters["greeter"]?.stream(chat, async function* () {
      return { status: 16, statusMessage: "who are you?", metadata: { "x-last": "2" } };
    });
    await proxy.get("/");
    await proxy.settled();

    expect(messages(proxy.logs).slice(1)).toEqual([
      "initial metadata:",
      "trailing metadata: :status=200 content-type=application/grpc grpc-status=16 grpc-message=who%20are%20you? x-last=2",
      "closed: outcome 0, status 16, who are you?",
    ]);
  },
);

// A table: one line an outcome.
// prettier-ignore
const breaks: Array<[what: string, first: boolean, fault: UpstreamFault["fault"], logged: string]> = [
  ["breaks off", true, "reset", "closed: outcome 3, status 13, upstream_reset_after_response_started"],
  ["is reset at once", false, "reset", `closed: outcome 1, status 14, ${unreachable} remote reset`],
  ["is cut off at once", false, "refuse", `closed: outcome 1, status 14, ${unreachable} connection termination`],
];

for (const [what, first, fault, logged] of breaks) {
  talking({ request: ["open"], closed: ["resume"] })(
    `a stream that ${what} is told apart`,
    async ({ proxy, grpcClusters }) => {
      grpcClusters["greeter"]?.stream(chat, async function* () {
        if (first) yield "one";
        return { fault };
      });
      await proxy.get("/");
      await proxy.settled();

      expect(messages(proxy.logs).at(-1)).toContain(logged);
    },
  );
}

talking({ request: ["open", "send last"], message: ["resume"] })(
  "messages of many frames go both ways",
  async ({ proxy, grpcClusters }) => {
    grpcClusters["greeter"]?.unary(chat, { message: "0123456789".repeat(20_000) });
    expect(await proxy.get("/")).toHaveStatus(200);
    await proxy.settled();

    expect(messages(proxy.logs).map(({ length }) => length)).toContain("message: ".length + 200_000);
  },
);

talking({ request: ["open", "send"], closed: ["resume"] }, "nowhere")(
  "a stream to a cluster that is not there is closed at once",
  async ({ proxy }) => {
    expect(await proxy.get("/")).toHaveStatus(200);
    await proxy.settled();

    expect(messages(proxy.logs)).toEqual(["closed: outcome 4, status 14, ", "open: false", "send: false"]);
    expect(proxy.logs).toHaveLogged(
      "error",
      "proxy_grpc_stream was refused by the host with status InternalFailure (10)",
    );
  },
);

talking({ request: ["open", "call", "resume"], grpc_service: "none" })(
  "a GrpcService without a target, which would end Envoy, is refused",
  async ({ proxy }) => {
    expect(await proxy.get("/")).toHaveStatus(200);
    expect(await proxy.get("/")).toHaveStatus(200);
    await proxy.settled();

    expect(proxy.logs).toHaveLogged(
      "error",
      "a gRPC service was refused: it has neither envoy_grpc nor google_grpc",
    );
    expect(messages(proxy.logs)).toContain("result: outcome 4, status 14, ");
  },
);

talking({ request: ["open"], grpc_service: "\n\x10\n\x07greeter\x12\x05me.me", closed: ["resume"] })(
  "a service is given as a serialised GrpcService",
  async ({ proxy, grpcClusters }) => {
    grpcClusters["greeter"]?.stream(chat, async function* () {
      yield "one";
    });
    expect(await proxy.get("/")).toHaveStatus(200);

    expect(grpcClusters["greeter"]?.calls[0]?.authority).toBe("me.me");
  },
);

/** A service that talks on and on, and is told when it is given up. */
function endless(service: GrpcUpstream | undefined): void {
  service?.stream(chat, async function* (call) {
    yield "one";
    await call.complete();
    if (!call.isCancelled) yield* ["two", "three"];
    return { fault: "silence" };
  });
}

for (const end of ["cancel", "respond"]) {
  talking({ request: ["open"], message: [end, "respond"] })(
    `a stream that has sent more already says no more after a ${end} at its first message`,
    async ({ proxy, grpcClusters }) => {
      grpcClusters["greeter"]?.stream(chat, async function* () {
        yield* ["one", "two", "three"];
      });
      for (let i = 0; i < 3; i++) expect(await proxy.get("/")).toHaveStatus(418);
      await proxy.settled();

      const received = messages(proxy.logs).filter((line) => /message:|closed/.test(line));
      expect(received).toEqual(["message: one", "message: one", "message: one"]);
    },
  );
}

// A table: one line a moment.
// prettier-ignore
const cancels: Array<[where: string, talk: Talk, last: string]> = [
  ["at its first metadata", { request: ["open"], initial_metadata: ["cancel", "cancel", "resume"] }, "initial metadata: :status=200 content-type=application/grpc"],
  ["at a message", { request: ["open"], message: ["cancel", "resume"] }, "message: one"],
  ["when another callback of the stream runs", { request: ["open"], message: ["resume"], response: ["cancel"] }, "message: one"],
  ["when the stream is logged", { request: ["open"], message: ["resume"], log: ["cancel"] }, "message: one"],
  ["when the stream is done", { request: ["open"], message: ["resume"], done: ["cancel"] }, "message: one"],
];

for (const [where, talk, last] of cancels) {
  talking(talk)(`a stream that is cancelled ${where} says no more`, async ({ proxy, grpcClusters }) => {
    endless(grpcClusters["greeter"]);
    for (let i = 0; i < 3; i++) expect(await proxy.get("/")).toHaveStatus(200);
    await proxy.settled();

    expect(messages(proxy.logs).at(-1)).toBe(last);
    expect(grpcClusters["greeter"]?.calls.map(({ isCancelled }) => isCancelled)).toEqual([true, true, true]);
    expect(proxy.transcript.filter(({ name }) => name === "proxy_grpc_cancel")).toHaveLength(3);
  });
}

for (const end of ["resume", "respond"]) {
  talking({ request: ["open"], message: [end] })(
    `a stream is cancelled when its HTTP stream is over, after a ${end} in its own callback`,
    async ({ proxy, grpcClusters }) => {
      endless(grpcClusters["greeter"]);
      for (let i = 0; i < 3; i++) expect(await proxy.get("/")).toHaveStatus(end === "resume" ? 200 : 418);
      await proxy.settled();

      expect(grpcClusters["greeter"]?.calls.map(({ isCancelled }) => isCancelled)).toEqual([
        true,
        true,
        true,
      ]);
      expect(messages(proxy.logs)).not.toContainEqual(expect.stringContaining("closed"));
    },
  );
}

// A table: one line an end.
// prettier-ignore
const ends: Array<[who: string, talk: Talk, sent: number]> = [
  ["the filter has closed", { request: ["open", "send"], message: ["close"], closed: ["resume"] }, 1],
  ["the filter has ended by its last message", { request: ["open", "send"], message: ["send last"], trailing_metadata: ["resume"] }, 2],
  ["the service alone has ended", { request: ["open", "send", "send", "send"], closed: ["resume"] }, 3],
];

for (const [who, talk, sent] of ends) {
  talking(talk)(`the host is let forget a stream that ${who}`, async ({ proxy, grpcClusters }) => {
    grpcClusters["greeter"]?.stream(chat, async function* (call) {
      for await (const message of call.messages) {
        yield message;
        if (call.received.length === 3) return;
      }
    });
    expect(await proxy.get("/")).toHaveStatus(200);
    await proxy.settled();

    const calls = proxy.transcript.filter(({ name }) => name.startsWith("proxy_grpc_"));
    expect(calls.map(({ name }) => name)).toEqual([
      "proxy_grpc_stream",
      ...Array.from({ length: sent }, () => "proxy_grpc_send"),
      "proxy_grpc_close",
    ]);
  });
}

// A table: one line a refusal.
// prettier-ignore
const refusals: Array<[what: string, talk: Talk, logged: string]> = [
  ["a message before the stream is open", { request: ["send", "resume"] }, "a gRPC message was refused in onRequestHeaders: the stream is not open: see openGrpcStream"],
  ["a message after the last one", { request: ["open", "send last", "send", "send", "resume"] }, "a gRPC message was refused in onRequestHeaders: the filter has ended the stream: open a new one"],
  ["a message after close", { request: ["open", "close", "send", "resume"] }, "a gRPC message was refused in onRequestHeaders: the filter has ended the stream: open a new one"],
  ["a second close", { request: ["open", "close", "close", "resume"] }, "a gRPC message was refused in onRequestHeaders: the filter has ended the stream: open a new one"],
  ["a message after cancel", { request: ["open", "cancel", "send", "resume"] }, "a gRPC message was refused in onRequestHeaders: the stream is not open: see openGrpcStream"],
  ["a message at the trailing metadata", { request: ["open"], trailing_metadata: ["send", "close"], closed: ["resume"] }, "a gRPC message was refused in a callback of a gRPC call or stream: the service has ended the stream: open a new one"],
  ["a message at the end", { request: ["open"], closed: ["send", "close", "cancel", "resume"] }, "a gRPC message was refused in a callback of a gRPC call or stream: the stream is not open: see openGrpcStream"],
  ["a message after the end", { request: ["open"], closed: ["resume"], response: ["send", "close", "cancel"] }, "a gRPC message was refused in onResponseHeaders: the stream is not open: see openGrpcStream"],
  ["a second stream of the same object", { request: ["open", "open", "resume"] }, "a gRPC stream was refused in onRequestHeaders: this object's last one is still open: use another object, or cancel() it first"],
  ["a stream that is opened at the log", { request: ["resume"], log: ["open", "send"] }, "a gRPC stream was refused in onLog: the stream is over: let the plugin do it"],
  ["a call that is made at the log", { request: ["resume"], log: ["call"] }, "a gRPC call was refused in onLog: the stream is over: let the plugin do it"],
  ["a stream that is opened when all is done", { request: ["resume"], done: ["open", "call"] }, "a gRPC stream was refused in onDone: the stream is over: let the plugin do it"],
];

for (const [what, talk, logged] of refusals) {
  talking(talk)(`${what} is refused once, and the proxy lives`, async ({ proxy, grpcClusters }) => {
    grpcClusters["greeter"]?.stream(chat, async function* () {
      yield "one";
    });
    for (let i = 0; i < 3; i++) expect(await proxy.get("/")).toHaveStatus(200);
    await proxy.settled();

    const errors = proxy.logs.filter(({ level }) => level === "error").map(({ message }) => message);
    expect(errors.filter((message) => message === logged)).toHaveLength(1);
  });
}

talking({ request: ["open"], trailing_metadata: ["send"], closed: ["resume"] })(
  "a message that is refused leaves the service's status as it is",
  async ({ proxy, grpcClusters }) => {
    grpcClusters["greeter"]?.stream(chat, async function* () {
      yield "one";
    });
    await proxy.get("/");
    await proxy.settled();

    expect(messages(proxy.logs).at(-1)).toBe("closed: outcome 0, status 0, ");
  },
);

talking({ request: ["open"], closed: ["open", "resume"] })(
  "an object can be used for another stream when its first one is over",
  async ({ proxy, grpcClusters }) => {
    const { greeter } = grpcClusters;
    greeter?.stream(chat, async function* () {
      yield "one";
    });
    expect(await proxy.get("/")).toHaveStatus(200);
    await proxy.settled();

    expect(messages(proxy.logs).filter((line) => line === "open: true").length).toBeGreaterThan(1);
  },
);
