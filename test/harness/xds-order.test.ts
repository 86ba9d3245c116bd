import { expect } from "vitest";
import { adsBootstrap, resource, type ControlPlane, type Exchange, type Resource } from "proxy-wasm-harness";
import { RuntimeSchema } from "proxy-wasm-harness/api/envoy/service/runtime/v3/rtds";
import { test } from "./xds-fixture.ts";
import { deltaStream } from "./xds-raw-client.ts";
import {
  answeringListener,
  answers,
  cluster,
  endpoint,
  headerMutation,
  routesTo,
  discoveringListener,
  secret,
} from "./xds-resources.ts";

const { source } = adsBootstrap({ port: 1 });

const inNoOrder: readonly Resource[] = [
  headerMutation("extension", { key: "x-mark", value: "1" }),
  answers("routes", "1"),
  answeringListener("listener", "1"),
  secret("secret", "1"),
  endpoint("endpoints", 1),
  cluster("cluster", source),
  resource(RuntimeSchema, { name: "runtime" }),
];

/** A client that wants everything and takes it. */
async function takesEverything(plane: ControlPlane): Promise<Disposable> {
  const stream = deltaStream(plane.port);
  for (const { typeUrl } of inNoOrder) {
    stream.send({ node: { id: "raw" }, typeUrl, resourceNamesSubscribe: ["*"] });
    stream.send({ typeUrl, responseNonce: (await stream.next()).nonce });
  }
  await expect
    .poll(() => plane.exchanges.filter(({ kind }) => kind === "ack"))
    .toHaveLength(inNoOrder.length);
  stream.take(({ typeUrl, nonce }) => ({ typeUrl, responseNonce: nonce }));
  return stream;
}

/** `response cluster`, and so on. */
function said({ kind, names, removed }: Exchange): string {
  return [kind, ...names, ...removed].join(" ");
}

test("what is added is sent after what it needs, and what is removed before it", async ({
  controlPlane,
  disposals,
}) => {
  const plane = await controlPlane();
  disposals.add(await takesEverything(plane));
  const first = plane.exchanges.length;

  await plane.update({ set: inNoOrder });

  expect(plane.exchanges.slice(first).map(said)).toEqual([
    "response runtime",
    "ack runtime",
    "response cluster",
    "response endpoints",
    "response secret",
    "ack cluster",
    "ack endpoints",
    "ack secret",
    "response listener",
    "ack listener",
    "response routes",
    "ack routes",
    "response extension",
    "ack extension",
  ]);
  const second = plane.exchanges.length;

  await plane.update({ remove: inNoOrder });

  expect(plane.exchanges.slice(second).map(said)).toEqual([
    "response listener",
    "ack listener",
    "response routes",
    "response extension",
    "ack routes",
    "ack extension",
    "response cluster",
    "ack cluster",
    "response endpoints",
    "response secret",
    "ack endpoints",
    "ack secret",
    "response runtime",
    "ack runtime",
  ]);
});

test("what nobody uses yet is sent in the same order without waiting for answers", async ({
  controlPlane,
  disposals,
}) => {
  const plane = await controlPlane();
  disposals.add(await takesEverything(plane));
  const before = plane.exchanges.length;

  await plane.update({ set: inNoOrder, isUnused: true });

  expect(plane.exchanges.slice(before, before + inNoOrder.length).map(said)).toEqual([
    "response runtime",
    "response cluster",
    "response endpoints",
    "response secret",
    "response listener",
    "response routes",
    "response extension",
  ]);
  expect(plane.exchanges.slice(before).filter(({ kind }) => kind === "ack")).toHaveLength(inNoOrder.length);
});

test("a listener that nobody uses yet comes with the one that goes, and before the old cluster goes", async ({
  controlPlane,
  disposals,
}) => {
  const plane = await controlPlane();
  const old = [cluster("old", source), answeringListener("old listener", "1")];
  await plane.update({ set: old });
  disposals.add(await takesEverything(plane));
  const before = plane.exchanges.length;

  await plane.update({
    set: [cluster("new", source), answeringListener("new listener", "1")],
    remove: old,
    isUnused: true,
  });

  expect(plane.exchanges.slice(before).map(said)).toEqual([
    "response new",
    "response new listener old listener",
    "ack new",
    "ack new listener old listener",
    "response old",
    "ack old",
  ]);
});

test("what comes in the place of something else is there before that goes", async ({
  controlPlane,
  disposals,
}) => {
  const plane = await controlPlane();
  await plane.update({ set: [cluster("old", source), routesTo("routes", "old")] });
  disposals.add(await takesEverything(plane));
  const before = plane.exchanges.length;

  await plane.update({
    set: [cluster("new", source), routesTo("routes", "new")],
    remove: [cluster("old", source)],
  });

  const responses = plane.exchanges.slice(before).filter(({ kind }) => kind === "response");
  expect(responses.map(said)).toEqual(["response new", "response routes", "response old"]);
});

test("Envoy has a cluster before it is sent the routes to it", async ({ controlPlane, client, service }) => {
  const plane = await controlPlane();
  const envoy = await client(plane);
  await plane.ready();
  await plane.update({
    set: [answers("routes", "none"), discoveringListener("in", { routes: "routes", source })],
  });
  const { port } = await service("one");
  const before = plane.exchanges.length;

  await plane.update({
    set: [routesTo("routes", "service"), endpoint("service", port), cluster("service", source)],
  });

  const order = plane.exchanges.slice(before).map(said);
  expect(order.indexOf("ack service")).toBeLessThan(order.indexOf("response routes"));
  await expect.poll(async () => (await envoy.get("in")).body).toBe("one");
});
