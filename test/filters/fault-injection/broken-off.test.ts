import type { StartedScenario } from "proxy-wasm-harness/scenario";
import { cluster, listener, route, wasm } from "proxy-wasm-harness/scenario";
import { expect, type ScenarioTest, scenarioTest } from "proxy-wasm-harness/vitest";
import { describe } from "vitest";
import { doing, type FaultInjection } from "./scenarios.ts";

const promised = { headers: { "content-length": "13" }, body: "thirteen byte" };
const chunked = { headers: { "transfer-encoding": "chunked" }, body: ["thirt", "een", " byte"] };
/** Envoy's own answer, whose body and end come together. */
const answered = route("/answered", 200, {
  with: {
    action: {
      case: "directResponse",
      value: { status: 200, body: { specifier: { case: "inlineString", value: promised.body } } },
    },
  },
});

/** The filter before a service that speaks HTTP/1 or HTTP/2. Older Envoys than these reset with NO_ERROR. */
function faulty(configuration: FaultInjection, protocol: "h1" | "h2" = "h1"): ScenarioTest {
  return scenarioTest(
    ({ upstream }) => ({
      listeners: [
        listener("in", {
          httpFilters: [wasm("fault-injection", configuration)],
          routes: [answered, route("/", "service")],
        }),
      ],
      clusters: [cluster("service", upstream, { protocol })],
    }),
    { needs: ["envoy>=1.37"] },
  );
}

/** What a client of HTTP/1.1 is sent until the connection is over: status line and body. */
async function received(mesh: StartedScenario, path = "/"): Promise<[status: string, body: string]> {
  const connection = await mesh.connect("in");
  await connection.send(`GET ${path} HTTP/1.1\r\nhost: a\r\n\r\n`);
  const text = Buffer.from(await connection.receiveRest()).toString();
  const end = text.indexOf("\r\n\r\n");
  return [text.slice(0, text.indexOf("\r\n")), end < 0 ? "" : text.slice(end + 4)];
}

/** The body that a client of HTTP/2 is sent, or how its stream ended. */
function receivedOverH2(mesh: StartedScenario, path = "/"): Promise<string> {
  return mesh.get("in", path, { protocol: "h2" }).then(
    (response) => response.text(),
    ({ cause }: { cause: Error }) => cause.message,
  );
}

const broken = "Stream closed with error code NGHTTP2_INTERNAL_ERROR";
const ok = "HTTP/1.1 200 OK";

describe.for(["h1", "h2"] as const)("a body that is cut, of a service that speaks %s", (protocol) => {
  const test = faulty(doing({ truncate: { body_bytes: 4 } }), protocol);

  test("ends there, and the connection with it, though more was promised", async ({ mesh, upstream }) => {
    upstream.respond(promised);

    expect(await received(mesh)).toEqual([ok, "thir"]);
    expect(await receivedOverH2(mesh)).toBe(broken);
    await mesh.settled();
    expect(mesh.stats).toHaveCounter("fault_injection.truncations_injected", 2);
    expect(mesh.stats).toHaveGauge("fault_injection.active_faults", 0);
  });

  test("ends there, with trailers to come", async ({ mesh, upstream }) => {
    upstream.respond({ body: promised.body, trailers: { "x-sum": "1" } });

    expect((await received(mesh))[1]).toBe("4\r\nthir\r\n");
    expect(await receivedOverH2(mesh)).toBe(broken);
  });
});

faulty(doing({ truncate: { body_bytes: 7 } }))(
  "a body of many pieces is cut within one of them, and never ends",
  async ({ mesh, upstream }) => {
    upstream.respond(chunked);

    const [, body] = await received(mesh);
    const contents = body.split("\r\n").filter((_, i) => i % 2 === 1); // each behind its size
    expect(contents.join("")).toBe("thirtee");
    expect(body).not.toContain("0\r\n\r\n");
  },
);

faulty(doing({ truncate: { body_bytes: 0 } }))(
  "nothing is left of a body that is cut at 0",
  async ({ mesh, upstream }) => {
    upstream.respond(promised);

    expect(await received(mesh)).toEqual([ok, ""]);
  },
);

faulty(doing({ truncate: { body_bytes: 4 } }))(
  "a body that comes in one piece with its end has no bytes over HTTP/1, and ends too soon over HTTP/2",
  async ({ mesh }) => {
    expect((await received(mesh, "/answered"))[1]).toBe("");
    expect(await receivedOverH2(mesh, "/answered")).toBe(
      "Stream closed with error code NGHTTP2_PROTOCOL_ERROR", // fewer bytes than content-length says
    );
  },
);

describe("a reset", () => {
  faulty(doing({ reset: { at: "request" } }))("of the request", async ({ mesh, upstream }) => {
    expect(await received(mesh)).toEqual(["", ""]);
    expect(await receivedOverH2(mesh)).toBe(broken);
    expect(upstream.requests).toHaveLength(0);
  });

  faulty(doing({ reset: { at: "response_headers" } }))("before the headers", async ({ mesh, upstream }) => {
    expect(await received(mesh)).toEqual(["", ""]);
    expect(await receivedOverH2(mesh)).toBe(broken);
    expect(upstream.requests).toHaveLength(2);
  });

  faulty(doing({ reset: { at: "response_body" } }))("behind the headers", async ({ mesh, upstream }) => {
    upstream.respond(promised);

    expect(await received(mesh)).toEqual([ok, ""]);
    expect(await receivedOverH2(mesh)).toBe(broken);
  });

  faulty(doing({ reset: { at: "response_body" } }))(
    "a response without a body goes on",
    async ({ mesh, upstream }) => {
      upstream.respond({ status: 204 });

      expect(await mesh.get("in", "/")).toHaveStatus(204);
      await mesh.settled();
      expect(mesh.stats).toHaveCounter("fault_injection.resets_injected", 0);
    },
  );
});
