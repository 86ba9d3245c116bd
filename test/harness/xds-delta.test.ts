import { expect } from "vitest";
import { test } from "./xds-fixture.ts";
import { deltaStream } from "./xds-raw-client.ts";
import { answers, secret } from "./xds-resources.ts";

const cds = "type.googleapis.com/envoy.config.cluster.v3.Cluster";
const lds = "type.googleapis.com/envoy.config.listener.v3.Listener";
const rds = "type.googleapis.com/envoy.config.route.v3.RouteConfiguration";
const sds = "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret";
const node = { id: "raw" };

const namesOf = ({
  resources,
  removedResources,
}: {
  resources: { name: string }[];
  removedResources: string[];
}) => ({
  sent: resources.map(({ name }) => name).sort(),
  removed: removedResources,
});

test.for([
  { title: "clusters without a name", typeUrl: cds, resourceNamesSubscribe: [] },
  { title: "listeners without a name", typeUrl: lds, resourceNamesSubscribe: [] },
  { title: "all clusters", typeUrl: cds, resourceNamesSubscribe: ["*"] },
  { title: "all routes", typeUrl: rds, resourceNamesSubscribe: ["*"] },
])(
  "who asks for $title is answered, though there are none",
  async ({ typeUrl, resourceNamesSubscribe }, { controlPlane, disposals }) => {
    const plane = await controlPlane();
    const stream = disposals.add(deltaStream(plane.port));

    stream.send({ node, typeUrl, resourceNamesSubscribe });

    expect(await stream.next()).toMatchObject({ typeUrl, resources: [], removedResources: [] });
  },
);

test("what does not exist is answered as removed, and sent when it comes to be", async ({
  controlPlane,
  disposals,
}) => {
  const plane = await controlPlane();
  const stream = disposals.add(deltaStream(plane.port));
  stream.send({ node, typeUrl: rds, resourceNamesSubscribe: ["r"] });
  const first = await stream.next();
  expect(namesOf(first)).toEqual({ sent: [], removed: ["r"] });
  stream.send({ typeUrl: rds, responseNonce: first.nonce });

  const updated = plane.update({ set: [answers("r", "now")] });

  const second = await stream.next();
  expect(namesOf(second)).toEqual({ sent: ["r"], removed: [] });
  stream.send({ typeUrl: rds, responseNonce: second.nonce });
  await updated;
});

test("what is asked for again is sent again", async ({ controlPlane, disposals }) => {
  const plane = await controlPlane();
  await plane.update({ set: [answers("r", "now")] });
  const stream = disposals.add(deltaStream(plane.port));
  stream.send({ node, typeUrl: rds, resourceNamesSubscribe: ["r"] });
  const { nonce } = await stream.next();

  stream.send({ typeUrl: rds, responseNonce: nonce, resourceNamesSubscribe: ["r"] });

  expect(namesOf(await stream.next())).toEqual({ sent: ["r"], removed: [] });
});

test("what is no longer wanted is not sent, and does not hold an update up", async ({
  controlPlane,
  disposals,
}) => {
  const plane = await controlPlane();
  await plane.update({ set: [answers("r", "now"), secret("s", "now")] });
  const stream = disposals.add(deltaStream(plane.port));
  stream.send({ node, typeUrl: rds, resourceNamesSubscribe: ["r"] });
  const { nonce } = await stream.next();
  stream.send({ typeUrl: rds, responseNonce: nonce, resourceNamesUnsubscribe: ["r"] });
  stream.send({ typeUrl: sds, resourceNamesSubscribe: ["s"] });
  const { nonce: second } = await stream.next();
  stream.send({ typeUrl: sds, responseNonce: second });

  await plane.update({ set: [answers("r", "later")] });

  expect(plane.exchanges.filter(({ kind }) => kind === "response").map(({ names }) => names)).toEqual([
    ["r"],
    ["s"],
  ]);
  expect(plane.exchanges).toContainEqual(
    expect.objectContaining({ kind: "unsubscribe", typeUrl: rds, names: ["r"] }),
  );
});

test("who no longer wants all is sent what it has named", async ({ controlPlane, disposals }) => {
  const plane = await controlPlane();
  await plane.update({ set: [answers("a", "1"), answers("b", "1")] });
  const stream = disposals.add(deltaStream(plane.port));
  stream.send({ node, typeUrl: rds, resourceNamesSubscribe: ["*", "a"] });
  const first = await stream.next();
  expect(namesOf(first)).toEqual({ sent: ["a", "b"], removed: [] });
  stream.send({ typeUrl: rds, responseNonce: first.nonce, resourceNamesUnsubscribe: ["*"] });

  void plane.update({ set: [answers("a", "2"), answers("b", "2")] });

  expect(namesOf(await stream.next())).toEqual({ sent: ["a"], removed: [] });
});

test("a name that is given up while all are wanted is sent once more", async ({
  controlPlane,
  disposals,
}) => {
  const plane = await controlPlane();
  await plane.update({ set: [answers("a", "1"), answers("b", "1")] });
  const stream = disposals.add(deltaStream(plane.port));
  stream.send({ node, typeUrl: rds, resourceNamesSubscribe: ["*", "a"] });
  const { nonce } = await stream.next();

  stream.send({ typeUrl: rds, responseNonce: nonce, resourceNamesUnsubscribe: ["a"] });

  expect(namesOf(await stream.next())).toEqual({ sent: ["a"], removed: [] });
});

test("who comes again says what it has, and is sent the difference", async ({ controlPlane, disposals }) => {
  const plane = await controlPlane();
  const [same, changed] = [answers("same", "1"), answers("changed", "1")];
  await plane.update({ set: [same, changed, answers("new", "1")] });
  const stream = disposals.add(deltaStream(plane.port));

  stream.send({
    node,
    typeUrl: rds,
    resourceNamesSubscribe: ["same", "changed", "new", "gone"],
    initialResourceVersions: { same: same.version, changed: "another", gone: "1" },
  });

  expect(namesOf(await stream.next())).toEqual({ sent: ["changed", "new"], removed: ["gone"] });
});

test("who comes again with all of a type is told what is gone", async ({ controlPlane, disposals }) => {
  const plane = await controlPlane();
  const same = answers("same", "1");
  await plane.update({ set: [same] });
  const stream = disposals.add(deltaStream(plane.port));

  stream.send({
    node,
    typeUrl: rds,
    resourceNamesSubscribe: ["*"],
    initialResourceVersions: { same: same.version, gone: "1" },
  });

  expect(namesOf(await stream.next())).toEqual({ sent: [], removed: ["gone"] });
});

test("a nonce that is not that of the last response answers nothing", async ({ controlPlane, disposals }) => {
  const plane = await controlPlane();
  await plane.update({ set: [answers("r", "1")] });
  const stream = disposals.add(deltaStream(plane.port));
  stream.send({ node, typeUrl: rds, resourceNamesSubscribe: ["r"] });
  const first = await stream.next();
  stream.send({ typeUrl: rds, responseNonce: first.nonce });
  let isDone = false;
  const updated = plane.update({ set: [answers("r", "2")] }).then(() => (isDone = true));
  const { nonce } = await stream.next();

  stream.send({ typeUrl: rds, responseNonce: first.nonce, errorDetail: { code: 3, message: "late" } });
  stream.send({ typeUrl: cds });
  stream.send({ typeUrl: cds, responseNonce: (await stream.next()).nonce });

  expect(isDone).toBe(false);
  expect(plane.exchanges.map(({ kind }) => kind)).not.toContain("nack");
  stream.send({ typeUrl: rds, responseNonce: nonce });
  await updated;
});

test("what is said is recorded, up to a bound", async ({ controlPlane, disposals }) => {
  const plane = await controlPlane({ recorded: 2 });
  const stream = disposals.add(deltaStream(plane.port));
  const route = answers("r", "1");
  await plane.update({ set: [route] });
  stream.send({ node, typeUrl: rds, resourceNamesSubscribe: ["r"] });
  const { nonce } = await stream.next();
  stream.send({ typeUrl: rds, responseNonce: nonce });
  await expect.poll(() => plane.exchanges.at(-1)?.kind).toBe("ack");

  const said = {
    typeUrl: rds,
    node: "raw",
    stream: 1,
    variant: "delta",
    names: ["r"],
    removed: [],
    error: "",
  };
  const versions = { r: route.version };
  expect(plane.exchanges).toEqual([
    { ...said, kind: "response", versions, nonce },
    { ...said, kind: "ack", versions, nonce },
  ]);
});

test("each client takes an update by itself, and one that refuses it is named", async ({
  controlPlane,
  disposals,
}) => {
  const plane = await controlPlane();
  const old = answers("r", "1");
  await plane.update({ set: [old] });
  const streams = ["a", "b"].map((id) => ({ id, stream: disposals.add(deltaStream(plane.port)) }));
  for (const { id, stream } of streams) {
    stream.send({ node: { id }, typeUrl: rds, resourceNamesSubscribe: ["r"] });
    stream.send({ typeUrl: rds, responseNonce: (await stream.next()).nonce });
  }

  const updated = plane.update({ set: [answers("r", "2")] });
  const refused = expect(updated).rejects.toMatchObject({
    code: "configuration_refused",
    message: 'Envoy "b" refused route configuration "r": not so\nWhat is served is as it was before.',
  });
  const [a, b] = streams.map(({ stream }) => stream);
  a?.send({ typeUrl: rds, responseNonce: (await a.next()).nonce });
  const errorDetail = { code: 3, message: "not  so goo.gle/debugonly" };
  b?.send({ typeUrl: rds, responseNonce: (await b.next()).nonce, errorDetail });

  for (const { stream } of streams) {
    const again = await stream.next();
    expect(again.resources.map(({ version }) => version)).toEqual([old.version]);
    stream.send({ typeUrl: rds, responseNonce: again.nonce });
  }
  await refused;
});

test("a client that does not answer is named with what it was sent", async ({ controlPlane, disposals }) => {
  const plane = await controlPlane({ updateMs: 100 });
  await plane.update({ set: [answers("r", "1")] });
  const stream = disposals.add(deltaStream(plane.port));
  stream.send({ node, typeUrl: rds, resourceNamesSubscribe: ["r"] });
  await stream.next();

  await expect(plane.update({ set: [answers("r", "2")] })).rejects.toMatchObject({
    code: "timeout",
    message:
      'route configuration "r" was not taken within 100 ms: Envoy "raw" has not answered the response with route configuration "r"',
  });
});

test("a stream on which something else is said is ended with the reason, and the others go on", async ({
  controlPlane,
  disposals,
}) => {
  const plane = await controlPlane();
  const stream = disposals.add(deltaStream(plane.port));

  stream.sendBytes(Buffer.from([0xff]));

  await expect(stream.next()).rejects.toMatchObject({
    code: 3,
    details: expect.stringContaining("premature EOF"),
  });
  const other = disposals.add(deltaStream(plane.port));
  other.send({ node, typeUrl: cds });
  expect(await other.next()).toMatchObject({ typeUrl: cds });
});
