import { generateKeyPairSync } from "node:crypto";
import type { StartedProxy } from "proxy-wasm-harness";
import { expect, filterTest } from "proxy-wasm-harness/vitest";
import { inject } from "vitest";
import { guest } from "../guests/guest.ts";

const isEmbedded = inject("proxyWasmBackend") === "embedded";
const filter = guest("foreign");
const test = filterTest(filter, {});

/** Lets the filter call a function in the request's phase and again in the log's, and returns what it logged. */
async function act(proxy: StartedProxy, what: string, value = ""): Promise<string[]> {
  await proxy.get("/", { headers: { "x-do": what, "x-value": value } });
  await proxy.settled();
  return proxy.logs.map(({ level, message }) => `${level} ${message}`);
}

const long = "a text that repeats itself ".repeat(20);

test("what is compressed is shorter, and the same again afterwards", async ({ proxy }) => {
  const once = [`info <${long.trim()}>`, "info true"];

  expect(await act(proxy, "zlib", long.trim())).toEqual([...once, ...once]);
});

test("what was never compressed is not uncompressed", async ({ proxy }) => {
  expect(await act(proxy, "uncompress", "no zlib")).toEqual(["info absent", "info absent"]);
});

test("an unknown function is not found, and nothing else happens", async ({ proxy }) => {
  expect(await act(proxy, "no_such_function")).toEqual(["info 1", "info 1"]);
});

const { publicKey, privateKey } = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
});
const keys = { public_key: publicKey, private_key: privateKey };

const signing = filterTest(filter, keys, { needs: ["envoy>=1.37"] });

signing("a signature is valid for its text and key, and for no other", async ({ proxy }) => {
  expect((await act(proxy, "sign", "a text")).filter((line) => line.startsWith("info"))).toEqual([
    ...["info true", "info false", "info false", "info false"],
  ]);
});

for (const hash of ["sha7", "md5", "sha3-256", "sha512-256", ""]) {
  filterTest(
    filter,
    { ...keys, hash },
    { needs: ["envoy>=1.37"] },
  )(`the hash "${hash}" signs nothing, and says so`, async ({ proxy }) => {
    expect(await act(proxy, "sign", "a text")).toEqual([
      `error a text could not be signed: ${hash} is not supported.`,
    ]);
  });
}

const TRUE_ONCE = ["info true", "info false", "info false", "info false"];

for (const hash of ["sha1", "sha224", "SHA256", "sha384", "sha512"]) {
  filterTest(
    filter,
    { ...keys, hash },
    { needs: ["envoy>=1.37"] },
  )(`a signature with ${hash} is valid`, async ({ proxy }) => {
    expect((await act(proxy, "sign", "a text")).filter((line) => line.startsWith("info"))).toEqual(TRUE_ONCE);
  });
}

const onCurve = generateKeyPairSync("ec", {
  namedCurve: "P-256",
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
});
const ofCurve = { public_key: onCurve.publicKey, private_key: onCurve.privateKey };

filterTest(filter, ofCurve, { needs: ["envoy>=1.37"] })(
  "a key of P-256 signs and verifies as an RSA key does",
  async ({ proxy }) => {
    expect((await act(proxy, "sign", "a text")).filter((line) => line.startsWith("info"))).toEqual(TRUE_ONCE);
  },
);

filterTest(filter, {})("without a key nothing is signed", async ({ proxy }) => {
  expect(await act(proxy, "sign", "a text")).toEqual([
    expect.stringMatching(/^error a text could not be signed/),
  ]);
});

const routes = filterTest(filter, {}, { virtualHost: { routes: [{ prefix: "/a", name: "route-a" }] } });

routes("a changed path has another route once the old one is forgotten", async ({ proxy }) => {
  expect(await act(proxy, "route", "/a/b")).toEqual([
    ...["info <>", "info true", "info <>", "info <route-a>"], // chosen when it is needed next
  ]);
});

const evaluating = filterTest(filter, {}, { needs: ["cel"] });

test("an object of Envoy's is stored in the filter state", async ({ proxy }) => {
  expect((await act(proxy, "state", "envoy.string"))[0]).toBe("info true <x>");
});

test("an object that Envoy does not know is not stored", async ({ proxy }) => {
  expect(await act(proxy, "state", "no.such.object")).toEqual(["info false absent", "info false absent"]);
});

evaluating("an expression has the value of the stream, until it is freed", async ({ proxy }) => {
  expect(await act(proxy, "cel", "request.method + '!'")).toEqual([
    ...["info <GET!>", "info absent", "info <GET!>", "info absent"],
  ]);
});

evaluating("a text that is no expression is refused", async ({ proxy }) => {
  const lines = (await act(proxy, "cel", "request.(")).filter((line) => line === "info no expression");

  expect(lines).toHaveLength(2);
});

const withoutStream = filterTest(filter, { without_stream: true }, { needs: ["cel"] });

const place = / in (onConfigured|onTime of a timer):/;

withoutStream("what is about a stream is refused where there is none, and Envoy lives", async ({ proxy }) => {
  const seen = new Set(
    proxy.startLogs.map(({ level, message }) => `${level} ${message.replace(place, " in a callback:")}`),
  );

  expect(await proxy.get("/")).toHaveStatus(200);
  expect(seen).toEqual(
    new Set([
      "error clear_route_cache was refused in a callback: no request is on its way to a route: call it while a request is held",
      "info clear false",
      "info state false",
      "error proxy_set_property was refused by the host with status NotFound (1)",
      "info set false",
      "info absent",
    ]),
  );
});

const declaring = filterTest(filter, { declare: "mine" });

declaring("a property that is declared read-only is set once, and declared once", async ({ proxy }) => {
  const lines = (await act(proxy, "set", "mine")).filter((line) => line.startsWith("info"));

  expect(lines).toEqual(["info true false", "info false false"]);
  expect(proxy.startLogs.map(({ message }) => message)).toContain("declared true false");
});

for (const [what, schema] of [
  ["no schema", ""],
  ["a schema as text", "table Mine { name: string; } root_type Mine;"],
  ["a schema that ends too soon", "\x10\0\0\0BFB"],
] as const) {
  filterTest(filter, { schema })(
    `a property of FlatBuffers with ${what} is not declared: Envoy lives when it is read`,
    async ({ proxy }) => {
      const refused = proxy.startLogs.find(({ level }) => level === "error")?.message;
      expect(refused).toMatch(
        /^declare_property was refused in onConfigured: FlatBuffers need the binary schema/,
      );
      expect(proxy.startLogs.map(({ message }) => message)).toContain("FlatBuffers false");

      expect(await act(proxy, "flat", "no such message")).toEqual(
        Array.from({ length: 2 }, () => "info <no such message>"),
      );
      expect(await proxy.get("/")).toHaveStatus(200);
    },
  );
}

filterTest(filter, { schema: "\x10\0\0\0BFBS" })(
  "a property of FlatBuffers with a binary schema is declared",
  ({ proxy }) => {
    expect(proxy.startLogs.map(({ message }) => message)).toContain("FlatBuffers true");
  },
);

/** As the SDK's `LifeSpan` counts them. */
const spans = [
  ["the chain of filters", 0, "absent"],
  ["a request", 1, "absent"],
  ["a connection", 2, "<x>"],
] as const;

for (const [what, span, seen] of spans) {
  const keeping = filterTest(filter, { declare: "mine", span });

  keeping(`what is kept for ${what} is ${seen} for the next request`, async ({ proxy }) => {
    const logged = async (asked: string, value: string, headers = {}): Promise<string | undefined> => {
      const before = proxy.logs.length;
      await proxy.get("/", { headers: { "x-do": asked, "x-value": value, ...headers } });
      await proxy.settled();
      return proxy.logs.slice(before).find(({ level }) => level === "info")?.message;
    };
    expect(await logged("state", "envoy.string")).toBe("true <x>");
    expect(await logged("set", "mine")).toBe("true false");

    expect(await logged("read", "envoy.string")).toBe(seen);
    expect(await logged("read", "wasm.mine", { connection: "close" })).toBe(seen.replace("x", "1"));
    expect(await logged("read", "envoy.string")).toBe("absent");
    expect(await logged("read", "wasm.mine")).toBe("absent");
  });
}

if (isEmbedded)
  test("the embedded backend refuses expr_create by its name", async ({ proxy }) => {
    await expect(act(proxy, "cel", "x")).rejects.toMatchObject({
      code: "unimplemented",
      message: expect.stringMatching(
        "called the foreign function expr_create in proxy_on_request_headers: .*embedded backend",
      ),
    });
  });
