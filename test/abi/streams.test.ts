import { startProxy, Upstream, type BackendName } from "proxy-wasm-harness";
import { expect, filterTest, type FilterTest } from "proxy-wasm-harness/vitest";
import { inject, test } from "vitest";
import { guest } from "../guests/guest.ts";

const replying = (reply: object): FilterTest => filterTest(guest("echo-headers"), { reply });
const reply = { status: 418, details: "no coffee here", body: "short and stout" };

replying(reply)(
  "a local reply has status, body and details, and the upstream is not reached",
  async ({ proxy, upstream }) => {
    const response = await proxy.get("/");
    await proxy.settled();

    expect(response).toHaveStatus(418);
    expect(response.text()).toBe("short and stout");
    expect(response).toHaveHeader("content-type", "text/plain");
    expect(proxy.accessLog).toEqual([{ method: "GET", path: "/", status: 418, details: "no_coffee_here" }]);
    expect(upstream.requests).toEqual([]);
  },
);

replying({
  ...reply,
  headers: [
    ["x-a", "1"],
    ["x-a", "2"],
  ],
})("a local reply has headers, repeated ones too", async ({ proxy }) => {
  const response = await proxy.get("/");

  expect(response.headers.all("x-a")).toEqual(["1", "2"]);
});

replying({ ...reply, grpc_status: 7 })(
  "a gRPC request gets the gRPC status, and the body as its message",
  async ({ proxy }) => {
    const response = await proxy.post("/", "", { headers: { "content-type": "application/grpc" } });

    expect(response).toHaveStatus(200);
    expect(response).toHaveHeader("grpc-status", "7");
    expect(response).toHaveHeader("grpc-message", "short and stout");
  },
);

for (const status of [0, 99, 100, 600, 999]) {
  replying({ ...reply, status })(
    `status ${status}, which Envoy would send as it is, becomes 500`,
    async ({ proxy }) => {
      const response = await proxy.get("/");
      await proxy.settled();

      expect(response).toHaveStatus(500);
      expect(proxy.logs).toHaveLogged("error", `status ${status} was refused`);
    },
  );
}

interface Steer {
  readonly in: string;
  readonly do: readonly string[];
  readonly pause?: boolean;
  readonly later?: boolean;
}

const steering = (steer: Steer): FilterTest => filterTest(guest("steers"), steer, { clusters: ["service"] });

const over = "the stream is over";
const notPaused = (what: string): string => `the ${what} is not paused`;
const answered = "the filter has answered or closed the stream already";
const resumed = "the stream was resumed, and may be over when this callback returns";

/** What Envoy 1.40 dies of, corrupts or loses in silence, and what the filter logs in its place. */
// A table: one line a call.
// prettier-ignore
const refusals: Array<[steer: Steer, line: string]> = [
  [{ in: "log", do: ["respond"] }, `a local reply was refused in onLog: ${over}`],
  [{ in: "log", do: ["close"] }, `close was refused in onLog: ${over}`],
  [{ in: "done", do: ["respond"] }, `a local reply was refused in onDone: ${over}`],
  [{ in: "done", do: ["close"] }, `close was refused in onDone: ${over}`],
  [{ in: "log", do: ["resume_request"] }, `resumeRequest was refused in onLog: ${over}`],
  [{ in: "done", do: ["resume_response"] }, `resumeResponse was refused in onDone: ${over}`],
  [{ in: "request_headers", do: ["resume_response"] }, `resumeResponse was refused in onRequestHeaders: ${notPaused("response")}`],
  [{ in: "request_trailers", do: ["resume_response"] }, `resumeResponse was refused in onRequestTrailers: ${notPaused("response")}`],
  [{ in: "response_headers", do: ["resume_request"] }, `resumeRequest was refused in onResponseHeaders: ${notPaused("request")}`],
  [{ in: "response_headers", do: ["respond", "respond"] }, `a local reply was refused in onResponseHeaders: ${answered}`],
  [{ in: "response_headers", do: ["respond", "close"] }, `close was refused in onResponseHeaders: ${answered}`],
  [{ in: "request_headers", do: ["resume_request", "resume_response"], pause: true, later: true }, `resumeResponse was refused in onResult of a callout: ${resumed}`],
  [{ in: "response_trailers", do: ["resume_response", "respond"], pause: true, later: true }, `a local reply was refused in onResult of a callout: ${resumed}`],
  [{ in: "response_trailers", do: ["resume_response", "close"], pause: true, later: true }, `close was refused in onResult of a callout: ${resumed}`],
];

test.for(refusals)("%j is refused with one line, and the proxy lives", async ([steer, line]) => {
  const upstream = new Upstream();
  upstream.respond({ body: "one", trailers: { "x-sum": "6" } });
  const backend = inject("proxyWasmBackend") as BackendName;
  const clusters = { service: new Upstream() };
  await using proxy = await startProxy({
    backend,
    upstream,
    clusters,
    chain: [{ filter: guest("steers"), configuration: steer }],
  });

  for (let i = 0; i < 3; i++) await proxy.post("/", "one", { trailers: { "x-sum": "6" } });
  await proxy.settled();

  expect(proxy.accessLog).toHaveLength(3);
  const errors = proxy.logs.filter(({ level }) => level === "error");
  expect(errors.map(({ message }) => message)).toEqual([line]);
});

for (const phase of ["request_headers", "request_body", "request_trailers", "response_headers"]) {
  for (const later of [false, true]) {
    steering({ in: phase, do: ["respond"], pause: true, later })(
      `a local reply ${later ? "after a callout" : "at once"} in ${phase} is the response`,
      async ({ proxy, upstream }) => {
        const trailers = phase.endsWith("_body") ? {} : { "x-sum": "6" };
        const response = await proxy.post("/", "one", {
          trailers,
          headers: { "transfer-encoding": "chunked" },
        });
        await proxy.settled();

        expect(response).toHaveStatus(418);
        expect(proxy.accessLog[0]?.details).toBe("steered");
        expect(upstream.requests).toHaveLength(phase === "response_headers" ? 1 : 0);
      },
    );
  }
}

for (const phase of ["response_body", "response_trailers"]) {
  steering({ in: phase, do: ["respond"] })(
    `a local reply in ${phase}, when the headers have gone, cuts the response short`,
    async ({ proxy, upstream }) => {
      upstream.respond({ body: "one", trailers: { "x-sum": "6" } });

      await expect(proxy.get("/")).rejects.toMatchObject({ code: "internal" });
    },
  );
}

for (const phase of ["request_headers", "response_headers"]) {
  for (const later of [false, true]) {
    steering({ in: phase, do: ["close"], pause: true, later })(
      `a stream closed ${later ? "after a callout" : "at once"} in ${phase} has no response`,
      async ({ proxy }) => {
        await expect(proxy.get("/")).rejects.toMatchObject({ code: "internal" });
      },
    );
  }
}

const parts = ["headers", "body", "trailers"];

for (const direction of ["request", "response"] as const) {
  for (const part of parts) {
    for (const later of [false, true]) {
      steering({ in: `${direction}_${part}`, do: [`resume_${direction}`], pause: true, later })(
        `a ${direction} paused at its ${part} goes on when it is resumed ${later ? "after a callout" : "in the same callback"}`,
        async ({ proxy, upstream }) => {
          const trailers = part === "body" ? {} : { "x-sum": "6" };
          const headers = { "transfer-encoding": "chunked" };
          upstream.respond({ headers, body: "one", trailers });
          const response = await proxy.post("/", "two", { headers, trailers });
          await proxy.settled();

          expect(response.text()).toBe("one");
          expect(response.trailers.size).toBe(Object.keys(trailers).length);
          expect(Buffer.from(upstream.requests[0]?.body ?? []).toString()).toBe("two");
          expect(proxy.logs.filter(({ level }) => level === "error")).toEqual([]);
        },
      );
    }
  }
}
