import { startProxy, type BackendName, type ProxyOptions, type StartedProxy } from "proxy-wasm-harness";
import { expect, filterTest, type FilterTest } from "proxy-wasm-harness/vitest";
import { describe, inject, test } from "vitest";
import { guest } from "../guests/guest.ts";

const backend = inject("proxyWasmBackend") as BackendName;

test("the plugin's configuration arrives whole and byte for byte", async () => {
  const value = "é\u{1f600} ".repeat(20_000).trim();
  const configuration = new TextEncoder().encode(JSON.stringify({ value }));
  const filter = { filter: guest("two-roots"), rootId: "first", configuration };

  await using proxy = await startProxy({ backend, chain: [filter] });

  expect(proxy.startLogs).toEqual([]);
});

test("a configuration that is no UTF-8 is refused, and does not trap", async () => {
  const configuration = Uint8Array.of(0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d);

  await expect(
    startProxy({ backend, chain: [{ filter: guest("two-roots"), rootId: "first", configuration }] }),
  ).rejects.toMatchObject({
    code: "configuration_refused",
    message: expect.stringMatching(/first: configuration refused/),
  });
});

const errorsIn = ({ logs }: StartedProxy): string[] =>
  logs.filter(({ level }) => level === "error").map(({ message }) => message);
const chunked = { "transfer-encoding": "chunked" };

/** A test whose filter does this with the bodies of one direction. */
const editing = (direction: "request" | "response", edit: object): FilterTest =>
  filterTest(guest("edits-bodies"), { [direction]: { mode: "look", ...edit } });

for (const direction of ["request", "response"] as const) {
  editing(direction, { do: "nothing", hold_sender: true })(
    `what is held of a ${direction} while its sender waits is not shown again, and is all there in the end`,
    async ({ proxy, upstream }) => {
      const body = ["one ", "two ", "three"];
      upstream.respond({ headers: chunked, body });
      const response = await proxy.post("/", body, { headers: chunked });
      await proxy.settled();

      const shown = proxy.logs.filter(({ message }) => message.startsWith(direction));
      const sizes = shown.map(({ message }) => Number(/of (\d+)/.exec(message)?.[1]));
      expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(13);
      expect(response.text()).toBe("one two three");
      expect(Buffer.from(upstream.requests[0]?.body ?? []).toString()).toBe("one two three");
      expect(errorsIn(proxy)).toEqual([]);
    },
  );
}

editing("response", { mode: "cut", do: "replace", text: "on" })(
  "a response that is cut keeps its content-length",
  async ({ proxy, upstream }) => {
    upstream.respond({ headers: { "content-length": "3" }, body: "one" });
    const cut = await proxy.get("/", { headers: { connection: "close" } }).catch(() => null);
    await proxy.settled();

    expect(errorsIn(proxy)).toEqual([]);
    expect(proxy.logs).toHaveLogged("info", "done: 2");
    if (cut !== null) expect(cut.headers.get("content-length")).toBe("3");
  },
);

editing("request", { do: "range" })(
  "ranges of a body are read, without what lies outside",
  async ({ proxy }) => {
    await proxy.post("/", "body");
    await proxy.settled();

    expect(proxy.logs).toHaveLogged("info", "range: dy|b|");
  },
);

editing("response", { do: "append", text: "!" })(
  "a change of a response's size that was not announced is refused, and said once",
  async ({ proxy, upstream }) => {
    upstream.respond({ body: "one" });
    for (let i = 0; i < 2; i++) expect((await proxy.get("/")).text()).toBe("one");
    await proxy.settled();

    expect(proxy.logs.filter(({ level }) => level === "error").map(({ message }) => message)).toEqual([
      "a change of the response's body was refused in the response body's callback: its size is announced: " +
        "rewrite or buffer it, which is said in the headers' callback",
    ]);
  },
);

editing("request", { do: "append", text: "!" })(
  "a change of the size that was not announced is refused, and said once",
  async ({ proxy, upstream }) => {
    await proxy.post("/", "one");
    await proxy.post("/", "two");
    await proxy.settled();

    expect(upstream.requests.map(({ body }) => Buffer.from(body).toString())).toEqual(["one", "two"]);
    expect(proxy.logs.filter(({ level }) => level === "error").map(({ message }) => message)).toEqual([
      "a change of the request's body was refused in the request body's callback: its size is announced: " +
        "rewrite or buffer it, which is said in the headers' callback",
    ]);
  },
);

describe.each(["request", "response"] as const)("the body of a %s", (direction) => {
  const sizes: Array<[what: string, text: string]> = [
    ["shrinks", "1"],
    ["keeps its size", "two"],
    ["grows", "three and more".repeat(1_000)],
    ["vanishes", ""],
  ];

  for (const [what, text] of sizes) {
    for (const mode of ["rewrite", "whole"]) {
      for (const framing of [{}, chunked]) {
        const title = `${what} (${mode}, ${framing === chunked ? "in chunks" : "of announced length"})`;
        const test = editing(direction, { mode, do: "replace", at_end: true, hold: true, text });

        test(title, async ({ proxy, upstream }) => {
          upstream.respond({ headers: framing, body: "one" });
          const response = await proxy.post("/", "one", { headers: framing });

          const received = direction === "request" ? upstream.requests[0] : response;
          expect(Buffer.from(received?.body ?? []).toString()).toBe(text);
          const announced = mode === "whole" && framing !== chunked ? String(text.length) : null;
          expect(received?.headers.get("content-length") ?? null).toBe(announced);
        });
      }
    }
  }

  editing(direction, { mode: "whole", limit: 300_000, do: "replace_each", needle: "na", text: "-" })(
    "is searched and replaced as a whole, however it comes",
    async ({ proxy, upstream }) => {
      const chunks = Array.from({ length: 30 }, () => "banana ".repeat(1_000));
      upstream.respond({ body: chunks });
      const response = await proxy.post("/", chunks);
      await proxy.settled();

      const received = direction === "request" ? upstream.requests[0] : response;
      expect(Buffer.from(received?.body ?? []).toString()).toBe("ba-- ".repeat(30_000));
      expect(proxy.logs).toHaveLogged("info", "60000 replaced");
    },
  );

  editing(direction, { mode: "whole", limit: 3, pass_on: true, do: "replace", text: "!" })(
    "passes unseen and unchanged when it is larger than the limit",
    async ({ proxy, upstream }) => {
      upstream.respond({ headers: chunked, body: "four", trailers: { "x-sum": "4" } });
      const response = await proxy.post("/", "four", { headers: chunked, trailers: { "x-sum": "4" } });
      await proxy.settled();

      const received = direction === "request" ? upstream.requests[0] : response;
      expect(Buffer.from(received?.body ?? []).toString()).toBe("four");
      expect(received?.trailers.get("x-sum")).toBe("4");
      expect(proxy.logs).not.toHaveLogged("info", `whole ${direction}`);
    },
  );
});

for (const framing of [{}, chunked]) {
  const what = framing === chunked ? "in chunks" : "of announced length";

  editing("request", { mode: "whole", limit: 3, do: "read" })(
    `a request ${what} that is larger than the limit is answered with 413, and the upstream is not reached`,
    async ({ proxy, upstream }) => {
      const response = await proxy.post("/", "four", { headers: framing });
      await proxy.settled();

      expect(response).toHaveStatus(413);
      expect(proxy.accessLog[0]?.details).toBe("request_body_too_large");
      expect(upstream.requests).toEqual([]);
    },
  );

  editing("response", { mode: "whole", limit: 3, do: "read" })(
    `a response ${what} that is larger than the limit is replaced by a 502`,
    async ({ proxy, upstream }) => {
      upstream.respond({ headers: framing, body: "four" });
      const response = await proxy.get("/");
      await proxy.settled();

      expect(response).toHaveStatus(502);
      expect(proxy.accessLog[0]?.details).toBe("response_body_too_large");
    },
  );
}

editing("request", { mode: "whole", limit: 3_000_000, do: "read" })(
  "what the proxy itself does not hold is refused by the proxy",
  async ({ proxy, upstream }) => {
    const response = await proxy.post("/", "x".repeat(2_000_000), { headers: chunked });
    await proxy.settled();

    expect(response).toHaveStatus(413);
    expect(proxy.accessLog[0]?.details).toBe("request_payload_too_large");
    expect(upstream.requests).toEqual([]);
  },
);

editing("request", { mode: "whole", do: "read" })(
  "a whole body is shown once, and an empty one too",
  async ({ proxy }) => {
    await proxy.get("/");
    await proxy.post("/", "one", { headers: chunked, trailers: { "x-sum": "3" } });
    await proxy.settled();

    const shown = proxy.logs.filter(({ message }) => message.startsWith("whole"));
    expect(shown.map(({ message }) => message)).toEqual([
      "whole request of 0, the end",
      "whole request of 3, the end",
    ]);
  },
);

describe("a filter that wants whole bodies", () => {
  const filter = guest("edits-bodies");
  const configuration = { request: { mode: "whole", do: "read" } };
  const start = (plugin: Partial<ProxyOptions["chain"][number]>): Promise<StartedProxy> =>
    startProxy({ chain: [{ filter, configuration, ...plugin }] });

  test("gets none where the proxy's configuration does not let it hold headers alone", async () => {
    await using proxy = await start({ allowOnHeadersStopIteration: false });

    await expect(proxy.post("/", "one")).rejects.toMatchObject({ code: "stream_stuck" });
  });

  test("has the proxy configured for it", async () => {
    await using proxy = await start({});

    expect(await proxy.post("/", "one")).toHaveStatus(200);
  });
});

filterTest(guest("resumes-at-trailers"))(
  "a request whose whole body is wanted, and which was paused, goes on when its trailers resume it",
  async ({ proxy, upstream }) => {
    const response = await proxy.request({
      method: "POST",
      headers: chunked,
      body: "one",
      trailers: { "x-sum": "6" },
    });
    await proxy.settled();

    expect(response).toHaveStatus(200);
    expect(Buffer.from(upstream.requests[0]?.body ?? []).toString()).toBe("one");
    expect(proxy.logs).toHaveLogged("info", "whole: one");
  },
);
