import { durationFromMs } from "@bufbuild/protobuf/wkt";
import { any, cluster, listener, wasm } from "proxy-wasm-harness/scenario";
import { RedisProxySchema } from "proxy-wasm-harness/api/envoy/extensions/filters/network/redis_proxy/v3/redis_proxy";
import { expect, scenarioTest } from "proxy-wasm-harness/vitest";
import { RedisServer, requiresRedis } from "./redis-server.ts";
import { guest } from "./scenario-fixture.ts";

const test = scenarioTest();

/** A command as Redis' protocol has it. */
function command(...words: string[]): string {
  return [`*${words.length}`, ...words.flatMap((word) => [`$${word.length}`, word]), ""].join("\r\n");
}

const redisProxy = any(RedisProxySchema, {
  statPrefix: "redis",
  settings: { opTimeout: durationFromMs(5_000) },
  prefixRoutes: { catchAllRoute: { cluster: "redis" } },
});

test("a filter of ours stands before redis_proxy and a real Redis", async ({ skip, start }) => {
  await requiresRedis(skip);
  await using redis = await RedisServer.start();
  const masks = wasm(guest("edits-connections"), { in: "downstream", edit: "replace_each", text: "******" });
  const mesh = await start({
    listeners: [listener("redis", { filters: [masks, redisProxy] })],
    clusters: [cluster("redis", redis.address, { protocol: "tcp" })],
  });
  const connection = await mesh.connect("redis");

  await connection.send(command("SET", "key", "my secret"));
  const stored = Buffer.from(await connection.receiveUntil("\r\n")).toString();
  await connection.send(command("GET", "key"));
  await connection.receiveUntil("\r\n");
  const read = Buffer.from(await connection.receiveUntil("\r\n")).toString();
  await connection.end();
  await connection.closed();
  await mesh.settled();

  expect([stored, read]).toEqual(["+OK\r\n", "my ******\r\n"]);
  expect(mesh.stats).toHaveCounter("cluster.redis.upstream_rq_total", 2);
});
