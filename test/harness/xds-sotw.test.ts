import type { DiscoveryResponse } from "proxy-wasm-harness/api/envoy/service/discovery/v3/discovery";
import { expect } from "vitest";
import { test } from "./xds-fixture.ts";
import { sotwStream } from "./xds-raw-client.ts";
import { answeringListener, answers } from "./xds-resources.ts";

const lds = "type.googleapis.com/envoy.config.listener.v3.Listener";
const rds = "type.googleapis.com/envoy.config.route.v3.RouteConfiguration";
const node = { id: "raw" };

/** The bytes of resources. */
function contents({ resources }: Pick<DiscoveryResponse, "resources">): readonly Buffer[] {
  return resources.map(({ value }) => Buffer.from(value));
}

const sotw = test
  .extend("plane", async ({ controlPlane }) => {
    const plane = await controlPlane();
    await plane.update({ set: [answers("a", "1"), answers("b", "1")] });
    return plane;
  })
  .extend("stream", ({ plane, disposals }) => disposals.add(sotwStream(plane.port)));

test.for([
  { title: "without a name", resourceNames: [] },
  { title: "by a star", resourceNames: ["*"] },
])(
  "who asks for all $title is answered, though there is nothing",
  async ({ resourceNames }, { controlPlane, disposals }) => {
    const plane = await controlPlane();
    const stream = disposals.add(sotwStream(plane.port));

    stream.send({ node, typeUrl: lds, resourceNames });

    expect(await stream.next()).toMatchObject({ typeUrl: lds, resources: [] });
  },
);

test("every response has all listeners", async ({ controlPlane, disposals }) => {
  const plane = await controlPlane();
  await plane.update({ set: [answeringListener("a", "1")] });
  const stream = disposals.add(sotwStream(plane.port));
  stream.send({ node, typeUrl: lds });
  const { nonce, versionInfo } = await stream.next();
  stream.send({ typeUrl: lds, responseNonce: nonce, versionInfo });

  void plane.update({ set: [answeringListener("b", "1")] });

  expect((await stream.next()).resources).toHaveLength(2);
});

sotw("a response has only those routes that the client does not have", async ({ stream }) => {
  stream.send({ node, typeUrl: rds, resourceNames: ["a"] });
  const { nonce, versionInfo, resources } = await stream.next();
  expect(resources).toHaveLength(1);

  stream.send({ typeUrl: rds, responseNonce: nonce, versionInfo, resourceNames: ["a", "b"] });

  expect(contents(await stream.next())).toEqual(contents({ resources: [answers("b", "1").body] }));
});

sotw("a request that does not know of the last response is ignored", async ({ plane, stream }) => {
  stream.send({ node, typeUrl: rds, resourceNames: ["a"] });
  const { nonce, versionInfo } = await stream.next();

  stream.send({ typeUrl: rds, responseNonce: "", resourceNames: ["b"] });
  stream.send({ typeUrl: rds, responseNonce: nonce, versionInfo, resourceNames: ["a"] });
  stream.send({ typeUrl: lds });
  await stream.next();

  const said = plane.exchanges
    .filter(({ typeUrl }) => typeUrl === rds)
    .map(({ kind, names }) => [kind, ...names]);
  expect(said).toEqual([
    ["subscribe", "a"],
    ["response", "a"],
    ["ack", "a"],
  ]);
});

sotw(
  "who comes again with the version of what there is, is sent nothing",
  async ({ plane, stream: first, disposals }) => {
    first.send({ node, typeUrl: rds, resourceNames: ["a", "b"] });
    const { versionInfo } = await first.next();

    const second = disposals.add(sotwStream(plane.port));
    second.send({ node, typeUrl: rds, resourceNames: ["a", "b"], versionInfo });
    second.send({ typeUrl: lds });

    expect(await second.next()).toMatchObject({ typeUrl: lds });
  },
);

sotw(
  "what is no longer named is no longer sent, and is sent again when it is named again",
  async ({ stream }) => {
    stream.send({ node, typeUrl: rds, resourceNames: ["a", "b"] });
    const { nonce, versionInfo } = await stream.next();
    stream.send({ typeUrl: rds, responseNonce: nonce, versionInfo, resourceNames: ["b"] });
    stream.send({ typeUrl: rds, responseNonce: nonce, versionInfo, resourceNames: ["a", "b"] });

    expect(contents(await stream.next())).toEqual(contents({ resources: [answers("a", "1").body] }));
  },
);
