import { once } from "node:events";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { buildLocalImage } from "proxy-wasm-harness/container";
import { PullPolicy } from "testcontainers";
import { expect, onTestFinished } from "vitest";
import { guest } from "../guests/guest.ts";
import { bootstrap, waiting } from "./container-bootstrap.ts";
import { test } from "./container-fixture.ts";

const causes: ReadonlyArray<readonly [guest: string, code: string, firstLine: RegExp]> = [
  [
    "raw/refuses-configuration",
    "configuration_refused",
    /^plugin "plugin-0" refused its configuration: the key "rules" is missing$/,
  ],
  [
    "raw/traps-in-configure",
    "configuration_refused",
    /^plugin "plugin-0" trapped in proxy_on_configure: unreachable$/,
  ],
  [
    "unsound/missing-import",
    "configuration_refused",
    /^plugin "plugin-0" was not loaded: .*missing import: env\.proxy_clear_route_cache$/,
  ],
  [
    "unsound/start-section",
    "envoy_exited",
    /^Envoy crashed with exit code 139 \(SIGSEGV\) while it loaded .*start-section\.wasm$/,
  ],
];

test.for(causes)(
  "%s is refused with its cause first, and leaves no container",
  async (row, { containers }) => {
    const [name, code, firstLine] = row;
    const module = "/etc/envoy/filter.wasm";

    const refused = await containers
      .create()
      .withBootstrap(bootstrap({ module }))
      .withModule(guest(name), module)
      .start()
      .catch((error: unknown) => error);

    expect(refused).toMatchObject({ code });
    const [first = "", ...rest] = (refused as Error).message.split("\n");
    expect(first).toMatch(firstLine);
    expect(rest.join("\n")).toContain("Envoy's last log lines:");
    expect(await containers.left()).toEqual([]);
  },
);

test("a configuration that Envoy refuses is refused with Envoy's words first", async ({ containers }) => {
  const refused = containers
    .create()
    .withBootstrap({ ...bootstrap(), static_resuorces: {} })
    .start();

  const message = expect.stringMatching(
    /^.*no such field: 'static_resuorces'.*\nEnvoy ended with exit code 1\.\nEnvoy's last log lines:\n/,
  );
  await expect(refused).rejects.toMatchObject({ code: "configuration_refused", message });
  expect(await containers.left()).toEqual([]);
});

test("an Envoy that never serves is given up with its last lines, and has left nothing", async ({
  containers,
}) => {
  const refused = containers.create().withBootstrap(waiting).withStartupTimeout(500).start();

  const message = expect.stringMatching(/is ready, and was given 500 ms\nEnvoy's last log lines:\n/);
  await expect(refused).rejects.toMatchObject({ code: "timeout", message });
  expect(await containers.left()).toEqual([]);
});

test("a flag that Envoy does not know is refused with what Envoy says of it", async ({ containers }) => {
  const refused = containers.create().withBootstrap(bootstrap()).withFlags("--no-such-flag").start();

  const message = expect.stringMatching(/^Envoy ended with exit code 1 before it served.*--no-such-flag/s);
  await expect(refused).rejects.toMatchObject({ code: "envoy_exited", message });
  expect(await containers.left()).toEqual([]);
});

test("an image without an Envoy is refused, and leaves no container", async ({ containers }) => {
  const refused = containers.create().withEntrypoint(["/bin/none"]).withBootstrap(bootstrap()).start();

  await expect(refused).rejects.toMatchObject({
    code: "invalid_input",
    message: expect.stringContaining("has Envoy as /usr/local/bin/envoy"),
  });
  expect(await containers.left()).toEqual([]);
});

test("a listener that nothing outside reaches is refused", async ({ containers }) => {
  const config = JSON.stringify(bootstrap()).replaceAll("0.0.0.0", "127.0.0.1");

  const refused = containers.create().withBootstrap(config).withExposedPorts(10000).start();

  const message = expect.stringContaining('listener "http" listens on 127.0.0.1:10000 of the container');
  await expect(refused).rejects.toMatchObject({ code: "invalid_input", message });
  expect(await containers.left()).toEqual([]);
});

test("a module that is not there is refused before a container is made", async ({ containers }) => {
  const refused = containers.create().withBootstrap(bootstrap()).withModule("build/none.wasm").start();

  await expect(refused).rejects.toMatchObject({
    code: "not_found",
    message: expect.stringContaining("none.wasm"),
  });
  expect(await containers.left()).toEqual([]);
});

test("an archive that the engine refuses leaves no container", async ({ containers }) => {
  const refused = containers
    .create()
    .withBootstrap(bootstrap())
    .withCopyContentToContainer([{ content: "", target: "/etc/passwd/no-folder" }])
    .start();

  await expect(refused).rejects.toMatchObject({ code: "internal" });
  expect(await containers.left()).toEqual([]);
});

test("a port that somebody holds is refused, and leaves no container", async ({ containers }) => {
  await using holder = await containers.create().withBootstrap(bootstrap()).withExposedPorts(10000).start();
  const port = { container: 10000, host: holder.getMappedPort(10000) };

  const refused = containers.create().withBootstrap(bootstrap()).withExposedPorts(port).start();

  const message = expect.stringMatching(
    /^a container of \S+ was not started: .*leave the port to the engine\.$/s,
  );
  await expect(refused).rejects.toMatchObject({ code: "port_in_use", message });
  expect(await containers.left()).toEqual(["running"]);
});

test("an image that nobody has is refused in one line, which says how to build one", async ({
  containers,
}) => {
  const refused = containers
    .create("proxy-wasm-harness.invalid/envoy:none")
    .withBootstrap(bootstrap())
    .start();

  const message = expect.stringMatching(
    /^the image proxy-wasm-harness\.invalid\/envoy:none is not .* was not pulled \(.*proxy-wasm build-image.*$/,
  );
  await expect(refused).rejects.toMatchObject({ code: "image_not_available", message });
});

test("an image that is not to be pulled is refused where nobody has it", async ({ containers }) => {
  const refused = containers
    .create("proxy-wasm-harness.invalid/envoy:none")
    .withPullPolicy(PullPolicy.neverPull())
    .withBootstrap(bootstrap())
    .start();

  const message = expect.stringContaining("was not pulled (the pull policy is never). Name one");
  await expect(refused).rejects.toMatchObject({ code: "image_not_available", message });
});

test("an image of which a registry has no layer is refused, though the engine says nothing", async ({
  containers,
}) => {
  const registry = http.createServer(answerWithoutBlobs).listen(0, "127.0.0.1");
  onTestFinished(() => void registry.close());
  await once(registry, "listening");
  const image = `127.0.0.1:${(registry.address() as AddressInfo).port}/envoy:none`;

  const refused = containers.create(image).withBootstrap(bootstrap()).start();

  const message = expect.stringContaining("was not pulled (the registry gave none). Name one");
  await expect(refused).rejects.toMatchObject({ code: "image_not_available", message });
});

test("an image that the engine does not take is refused with the engine's words", async ({ containers }) => {
  await containers.left(); // an engine answers
  const tag = "a".repeat(64);

  await expect(buildLocalImage({ tag })).rejects.toMatchObject({
    code: "internal",
    message: expect.stringMatching(
      new RegExp(`^the container engine did not take the image ${tag}: .*64-byte hexadecimal`),
    ),
  });
});

/** A registry of the distribution API that has the manifest of every image, and none of what manifests name. */
function answerWithoutBlobs({ url = "" }: http.IncomingMessage, response: http.ServerResponse): void {
  const type = "application/vnd.docker.distribution.manifest.v2+json";
  const blob = (kind: string) => ({
    mediaType: `application/vnd.docker.${kind}`,
    size: 2,
    digest: `sha256:${"0".repeat(64)}`,
  });
  const manifest = {
    schemaVersion: 2,
    mediaType: type,
    config: blob("container.image.v1+json"),
    layers: [blob("image.rootfs.diff.tar.gzip")],
  };
  const isManifest = url.includes("/manifests/");
  response.writeHead(url.includes("/blobs/") ? 404 : 200, {
    "content-type": isManifest ? type : "text/plain",
  });
  response.end(isManifest ? JSON.stringify(manifest) : "");
}
