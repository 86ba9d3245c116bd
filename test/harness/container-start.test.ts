import { channel } from "node:diagnostics_channel";
import type { ClientRequest } from "node:http";
import { getContainerRuntimeClient, getReaper } from "testcontainers";
import { expect, onTestFinished, vi } from "vitest";
import { bootstrap, waiting } from "./container-bootstrap.ts";
import { test } from "./container-fixture.ts";

test("a start asks the engine once for each thing that it needs", async ({ containers }) => {
  await getReaper(await getContainerRuntimeClient()); // which the first start of a process looks for
  const asked = requests((path) => path.startsWith("/containers/"));

  await using envoy = await containers.create().withBootstrap({}).start();

  expect(asked.map((request) => request.replace(envoy.getId(), "ID"))).toEqual([
    "POST /containers/create",
    "PUT /containers/ID/archive",
    "POST /containers/ID/wait",
    "POST /containers/ID/attach",
    "POST /containers/ID/start",
    "GET /containers/ID/json",
  ]);
});

test("Envoy is asked where its listeners are only where one may be reached", async ({ containers }) => {
  const asked = requests((path) => path.startsWith("/listeners"));

  await (await containers.create().withBootstrap(bootstrap()).start()).stop();
  expect(asked).toEqual([]);
  await (await containers.create().withBootstrap(bootstrap()).withExposedPorts(10000).start()).stop();
  expect(asked).toEqual(["GET /listeners"]);
});

test("Envoy is asked whether it serves as soon as it says that its workers start", async ({ containers }) => {
  vi.useFakeTimers({ toFake: ["setInterval"] }); // no poll comes
  onTestFinished(() => void vi.useRealTimers());
  const asked = requests((path) => path === "/ready");

  await (await containers.create().withBootstrap(bootstrap()).start()).stop();

  expect(asked).toEqual(["GET /ready"]);
});

test("an Envoy whose log level keeps that back serves, too", async ({ containers }) => {
  await using envoy = await containers.create().withBootstrap(bootstrap()).withLogLevel("error").start();

  expect(await (await fetch(`${envoy.adminUrl}/ready`)).text()).toBe("LIVE\n");
});

test("an Envoy that is started again is waited for", async ({ containers }) => {
  await using envoy = await containers.create().withBootstrap(bootstrap()).start();

  await envoy.restart();

  expect(await (await fetch(`${envoy.adminUrl}/ready`)).text()).toBe("LIVE\n");
});

test("and refused with its last lines when it ends instead", async ({ containers }) => {
  const envoy = await containers.create().withBootstrap(bootstrap()).start();
  await envoy.copyContentToContainer([{ target: "/etc/envoy/envoy.json", content: JSON.stringify(waiting) }]);
  const { container } = await getContainerRuntimeClient();
  const asked = Promise.withResolvers<null>();
  onRequest(({ path }) => path === "/ready" && asked.resolve(null));

  const lastLines = /^Container exited before Envoy served, its last lines:\n.*info main /s;
  const refused = expect(envoy.restart()).rejects.toThrow(lastLines);
  await asked.promise;
  await container.getById(envoy.getId()).kill();

  await refused;
  expect(await containers.left()).toEqual([]);
});

/** The requests of this process from now on, without their queries, of which the path is wanted. */
function requests(isWanted: (path: string) => boolean): string[] {
  const all: string[] = [];
  onRequest(({ method, path }) => {
    const [wanted = ""] = path.split("?");
    if (isWanted(wanted)) all.push(`${method} ${wanted}`);
  });
  return all;
}

/** Tells of each request by Node's own HTTP client as it begins. */
function onRequest(listener: (request: ClientRequest) => void): void {
  const told = (message: unknown): void => listener((message as { request: ClientRequest }).request);
  const begun = channel("http.client.request.start");
  begun.subscribe(told);
  onTestFinished(() => void begun.unsubscribe(told));
}
