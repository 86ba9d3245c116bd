import { channel } from "node:diagnostics_channel";
import type { ClientRequest } from "node:http";
import { expect, onTestFinished, vi } from "vitest";
import { stringify } from "yaml";
import { bootstrap } from "./container-bootstrap.ts";
import { test } from "./container-fixture.ts";

test("a start asks the engine once for each thing that it needs", async ({ containers }) => {
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

test("and refused when it ends instead", async ({ containers }) => {
  const envoy = await containers.create().withBootstrap(stringify(bootstrap())).start();
  await envoy.copyContentToContainer([{ target: "/etc/envoy/envoy.yaml", content: "static_resuorces: {}" }]);

  await expect(envoy.restart()).rejects.toThrow(/^Container exited before Envoy served$/);
  expect(await containers.left()).toEqual([]);
});

/** The requests of this process from now on, by HTTP/1 and without their queries, of which the path is wanted. */
function requests(isWanted: (path: string) => boolean): string[] {
  const all: string[] = [];
  const note = (message: unknown): void => {
    const { method, path } = (message as { request: ClientRequest }).request;
    const [wanted = ""] = path.split("?");
    if (isWanted(wanted)) all.push(`${method} ${wanted}`);
  };
  const started = channel("http.client.request.start");
  started.subscribe(note);
  onTestFinished(() => void started.unsubscribe(note));
  return all;
}
