import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { StartedProxy, Upstream } from "proxy-wasm-harness";
import { expect, filterTest, type FilterTest } from "proxy-wasm-harness/vitest";
import { describe } from "vitest";

/** The modules that the benchmarks measure ours against: by SDK, and by what they do, `t0` to `t4`. */
const peers = new URL("../../bench/peers/", import.meta.url);
const sdks = ["rust", "gcore", "raw"] as const;
type Sdk = (typeof sdks)[number];

const keys = Array.from({ length: 100 }, (_, i) => `key-${i}`)
  .concat("admin")
  .join("\n");

function peer(sdk: Sdk, task: string): FilterTest {
  const file = fileURLToPath(new URL(`${sdk}/${task}-${sdk}.wasm`, peers));
  const options = { name: "bench", rootId: "bench", allowTraps: true, allowOnHeadersStopIteration: true };
  return filterTest(file, keys, options);
}

/** How long the headers are that a filter is shown: those that the upstream gets, without the router's. */
function headerLength({ requests: [request] }: Upstream): number {
  if (request === undefined) return 0;
  const pseudo = [":authority", request.authority, ":path", request.path, ":method", request.method, ":scheme", "http"]; // prettier-ignore
  const fields = [...request.headers].filter(([name]) => name !== "x-envoy-expected-rq-timeout-ms");
  return fields.reduce((sum, [name, value]) => sum + name.length + value.length, pseudo.join("").length);
}

async function statusOf(proxy: StartedProxy, key: string | Uint8Array): Promise<number> {
  return (await proxy.get("/", { headers: [["x-api-key", key]] })).status;
}

describe.for(sdks)("the peer %s", (sdk) => {
  peer(sdk, "t0")("does nothing", async ({ proxy, upstream }) => {
    upstream.respond({ status: 201, body: "made" });
    const response = await proxy.post("/", "body");

    expect([response.status, response.text()]).toEqual([201, "made"]);
  });

  peer(sdk, "t1")("lets who has a key pass, and nobody else", async ({ proxy, upstream }) => {
    const response = await proxy.get("/", { headers: { "x-api-key": "key-77" } });
    const refused = await proxy.get("/", { headers: { "x-api-key": "key-100" } });
    expect(await proxy.request({ method: "OPTIONS" })).toHaveStatus(200);
    expect(await proxy.get("/public/logo")).toHaveStatus(200);

    expect([response.status, response.headers.get("x-authz-by")]).toEqual([200, "wasm"]);
    expect([refused.status, refused.text()]).toEqual([401, "unauthorized\n"]);
    const [passed] = upstream.requests;
    expect([passed?.headers.get("x-authz"), passed?.headers.get("x-authz-key")]).toEqual([
      "allowed",
      "key-77",
    ]);
    expect(upstream.requests).toHaveLength(3);
  });

  peer(sdk, "t2")("counts by status and path", async ({ proxy, upstream }) => {
    await proxy.get("/users/1");
    await proxy.get("/users?x");
    upstream.respond({ status: 404 });
    await proxy.get("/other");
    await proxy.settled();

    expect(proxy.stats).toHaveCounter("bench.requests.2xx.users", 2);
    expect(proxy.stats).toHaveCounter("bench.requests.4xx.other", 1);
    expect(proxy.stats).toHaveHistogram("bench.size.2xx.users", { count: 2, sum: 84 });
  });

  peer(sdk, "t3")("measures headers", async ({ proxy, upstream }) => {
    const response = await proxy.get("/path?x=1", {
      headers: { "x-a": "1", "x-bytes": Uint8Array.of(0x41) },
    });

    expect(response.headers.get("x-total")).toBe(String(headerLength(upstream)));
  });

  peer(sdk, "t4")("replaces a part of a body that comes in pieces", async ({ proxy, upstream }) => {
    const response = await proxy.post("/", ["a SECRET", "-TOKEN and ", "x".repeat(20_000)]);

    const body = Buffer.from(upstream.requests[0]?.body ?? []).toString();
    expect(body).toBe(`a [redacted] and ${"x".repeat(20_000)}`);
    expect(response.headers.get("x-total")).toBe(String(body.length));
  });
});

/** What each makes of a key that is nearly one: bytes that are no UTF-8, of which one SDK loses some. */
const nearly = [
  ["a byte behind", Uint8Array.from([...Buffer.from("admin"), 0xe9])],
  ["an overlong letter", Uint8Array.from([0xc1, 0xa1, ...Buffer.from("dmin")])],
] as const;
const verdicts: Readonly<Record<Sdk, number>> = { rust: 503, gcore: 200, raw: 401 };

describe.for(sdks)("23: a key that is no text, %s", (sdk) => {
  peer(sdk, "t1").for(nearly)("%s", async ([, key], { proxy }) => {
    expect(await statusOf(proxy, "admin")).toBe(200);
    expect(await statusOf(proxy, key)).toBe(verdicts[sdk]);
  });
});

describe("the peers", () => {
  peer("raw", "t0")("are all tried", () => {
    const files = sdks.flatMap((sdk) =>
      readdirSync(new URL(`${sdk}/`, peers)).filter((name) => name.endsWith(".wasm")),
    );

    expect(files.sort()).toEqual(
      ["t0", "t1", "t2", "t3", "t4"].flatMap((task) => [...sdks].sort().map((sdk) => `${task}-${sdk}.wasm`)),
    );
  });
});
