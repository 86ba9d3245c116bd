import { ListenerSchema } from "proxy-wasm-harness/api/envoy/config/listener/v3/listener";
import { expect } from "vitest";
import { freePort } from "./leftovers.ts";
import { modes, test } from "./xds-fixture.ts";
import {
  answeringListener,
  answers,
  cluster,
  discoveringListener,
  routingListener,
  wasm,
} from "./xds-resources.ts";
import { adsBootstrap, resource, type ControlPlane } from "proxy-wasm-harness";

const { source } = adsBootstrap({ port: 1 });

/** The names of all resources that were sent since there were this many exchanges. */
function sentSince({ exchanges }: ControlPlane, count: number): readonly string[] {
  return exchanges.slice(count).flatMap(({ kind, names }) => (kind === "response" ? names : []));
}

test.for(modes)(
  "Envoy serves on when its connection is lost, and is sent only what has changed meanwhile: $mode, $transport",
  async (mode, { controlPlane, client }) => {
    const plane = await controlPlane({ port: await freePort() }); // nobody else is given it meanwhile
    const envoy = await client(plane, mode);
    await plane.ready();
    const { source } = adsBootstrap({ port: plane.port, ...mode });
    const [in1, in2] = [
      answeringListener("in-1", "one"),
      discoveringListener("in-2", { routes: "two", source }),
    ];
    await plane.update({ set: [in1, in2, answers("two", "two")] });
    const before = plane.exchanges.length;

    await plane.close();
    expect((await envoy.get("in-1")).body).toBe("one");
    expect((await envoy.get("in-2")).body).toBe("two");
    await plane.reopen();
    await plane.update({ set: [answers("two", "changed")] });

    await expect.poll(async () => (await envoy.get("in-2")).body).toBe("changed");
    expect(sentSince(plane, before)).toEqual(["two"]);
  },
);

test.for(modes)(
  "an update waits for a client whose connection is lost: $mode, $transport",
  async (mode, { controlPlane, client }) => {
    const plane = await controlPlane();
    const envoy = await client(plane, mode);
    await plane.ready();

    plane.disconnect();
    await plane.update({ set: [answeringListener("in", "hello")] });

    expect(await envoy.get("in")).toMatchObject({ body: "hello" });
  },
);

test("an update that nobody can take is given up, and the last client is named", async ({
  controlPlane,
  client,
}) => {
  const plane = await controlPlane({ updateMs: 100 });
  await plane.update({ set: [answeringListener("in", "hello")] });
  const envoy = await client(plane);
  await expect.poll(() => envoy.admin.get("/listeners")).toContain("in::");
  await plane.close();

  const refused = plane.update({
    set: [answeringListener("in", "changed"), answeringListener("new", "hello")],
  });

  await expect(refused).rejects.toMatchObject({
    code: "timeout",
    message:
      'listener "in", listener "new" was not taken within 100 ms: nobody is connected, and the last one was Envoy "test-envoy". Does it still run?',
  });
  expect([...plane.resources].map(({ name }) => name)).toEqual(["in"]);
  expect(await envoy.get("in")).toMatchObject({ body: "hello" });
});

test("without any client an update is there for the first one", async ({ controlPlane, client }) => {
  const plane = await controlPlane();
  await plane.update({ set: [answeringListener("in", "hello")] });
  const envoy = await client(plane);

  await plane.ready();

  expect(await envoy.get("in")).toMatchObject({ body: "hello" });
});

test("a first client that does not take what is served is refused with its message", async ({
  controlPlane,
  client,
}) => {
  const plane = await controlPlane();
  const broken = answeringListener("in", "hello", [{ name: "nope" }]);
  await plane.update({ set: [broken], allowInvalid: true });
  await client(plane);

  await expect(plane.ready()).rejects.toMatchObject({
    code: "configuration_refused",
    message: expect.stringMatching(/^Envoy "test-envoy" refused listener "in": .*implementation for 'nope'/),
  });
});

test("an Envoy that never comes is waited for in vain", async ({ controlPlane }) => {
  const plane = await controlPlane({ updateMs: 10 });
  await expect(plane.ready()).rejects.toMatchObject({
    code: "timeout",
    message:
      "what is served was not taken within 10 ms: nobody has connected. Does Envoy run, and has it a node.id?",
  });
});

test("a control plane that stops gives up its update", async ({ controlPlane, client }) => {
  const plane = await controlPlane();
  await client(plane);
  await plane.ready();
  await plane.close();
  const given = expect(plane.update({ set: [answeringListener("in", "hello")] })).rejects.toMatchObject({
    code: "timeout",
    message: 'the control plane was stopped before listener "in" was taken',
  });

  await plane[Symbol.asyncDispose]();

  await given;
});

test("a host that is none of this machine's is refused", async ({ controlPlane }) => {
  await expect(controlPlane({ host: "192.0.2.1" })).rejects.toMatchObject({
    code: "invalid_input",
    message: expect.stringMatching(/^the control plane cannot listen on 192\.0\.2\.1: /) as string,
  });
});

test("a resource without a name is refused", () => {
  expect(() => resource(ListenerSchema, {})).toThrow(
    "a resource of envoy.config.listener.v3.Listener is asked for by its name, and here is none: set name",
  );
});

test("a port that somebody else holds is refused", async ({ controlPlane }) => {
  const { port } = await controlPlane();
  await expect(controlPlane({ port })).rejects.toMatchObject({
    code: "port_in_use",
    message: expect.stringContaining(`port ${port} of 127.0.0.1 is in use`),
  });
});

test("a listener that is refused for want of its cluster is not what is named", async ({
  controlPlane,
  client,
}) => {
  const plane = await controlPlane();
  await client(plane);
  await plane.ready();

  const refused = plane.update({
    set: [cluster("broken", source, -1), routingListener("in", "broken")],
    allowInvalid: true,
    isUnused: true,
  });

  await expect(refused).rejects.toMatchObject({
    code: "configuration_refused",
    message: expect.stringMatching(
      /^Envoy "test-envoy" refused cluster "broken": [^\n]*\nWhat is served is as it was before\.$/,
    ),
  });
  const nacks = plane.exchanges.filter(({ kind }) => kind === "nack");
  expect(nacks.map(({ names: [name] }) => name)).toEqual(["broken", "in"]);
});

test("a module that Envoy does not load is refused in Envoy's words, and its listener is gone", async ({
  controlPlane,
  client,
}) => {
  const plane = await controlPlane();
  const envoy = await client(plane);
  await plane.ready();

  const refused = plane.update({
    set: [answeringListener("in", "hello", [wasm("plugin", "unsound/missing-import")])],
    allowInvalid: true,
  });

  await expect(refused).rejects.toMatchObject({
    code: "configuration_refused",
    message: expect.stringMatching(
      /^Envoy "test-envoy" refused listener "in": .*Unable to create Wasm plugin plugin/,
    ),
  });
  await expect(envoy.get("in")).rejects.toThrow();
  await plane.update({ set: [answeringListener("in", "hello", [wasm("plugin", "raw/passes")])] });
  expect(await envoy.get("in")).toMatchObject({ body: "hello" });
});
