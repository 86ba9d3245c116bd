import { execFile } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import net, { type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { expect, onTestFinished, vi } from "vitest";
import { startEnvoy } from "../../harness/src/envoy/backend.ts";
import { outgoingRequest } from "../../harness/src/message.ts";
import { Upstream } from "../../harness/src/upstream.ts";
import { scenario, test } from "./envoy-fixture.ts";
import { freePort, leftovers, nothing, processesIn } from "./leftovers.ts";

/** A folder in which the proxies of this test make theirs. */
async function ownTemporaryFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), "envoy-process-"));
  vi.stubEnv("TMPDIR", folder);
  onTestFinished(async () => {
    vi.unstubAllEnvs();
    await rm(folder, { recursive: true });
  });
  return folder;
}

/** A shell program in Envoy's place. */
async function fakeEnvoy(body: string): Promise<string> {
  const file = path.join(await mkdtemp(path.join(tmpdir(), "fake-")), "envoy");
  await writeFile(file, `#!/bin/sh\n${body}\n`);
  await chmod(file, 0o755);
  onTestFinished(() => rm(path.dirname(file), { recursive: true }));
  return file;
}

test("a disposed proxy has left no process, port or folder", async ({ envoy }) => {
  const folder = await ownTemporaryFolder();
  const port = await freePort();
  const proxy = await startEnvoy(await scenario(new Upstream(), { envoy: { port } }), envoy);
  expect((await leftovers(folder, port)).portIsOpen).toBe(true);

  await proxy[Symbol.asyncDispose]();

  expect(await leftovers(folder, port)).toEqual(nothing);
});

test("a refused start has left no process, port or folder", async ({ envoy }) => {
  const folder = await ownTemporaryFolder();
  const wanted = { guests: ["raw/refuses-configuration"], envoy: { port: await freePort() } };

  await expect(startEnvoy(await scenario(new Upstream(), wanted), envoy)).rejects.toThrow();

  expect(await leftovers(folder, wanted.envoy.port)).toEqual(nothing);
});

test("a port that somebody else holds is refused with its number", async ({ start }) => {
  const holder = net.createServer().listen(0, "127.0.0.1");
  onTestFinished(() => void holder.close());
  await once(holder, "listening");
  const { port } = holder.address() as AddressInfo;

  const refused = start({ envoy: { port } });

  const message = expect.stringContaining(`port ${port} of 127.0.0.1 is in use`);
  await expect(refused).rejects.toMatchObject({ code: "port_in_use", message });
});

test("an Envoy that is killed fails the request, and the next ones", async ({ envoy, start }) => {
  const folder = await ownTemporaryFolder();
  const proxy = await start({ guests: ["raw/obeys"] });
  const pending = proxy.send(outgoingRequest({ headers: { "x-do": "pause" } }));
  const running = await processesIn(folder);
  const victim = running.find(({ command }) => command.startsWith(envoy.path));

  process.kill(victim?.pid ?? Number.NaN, "SIGKILL");

  const ended = { code: "envoy_exited", message: expect.stringContaining("exit code 137 (SIGKILL)") };
  await expect(pending).rejects.toMatchObject(ended);
  await expect(proxy.send(outgoingRequest({}))).rejects.toMatchObject(ended);
  await expect(proxy.settle()).rejects.toMatchObject(ended);
});

test("an Envoy that ends without its own log is refused with what it said", async () => {
  const file = await fakeEnvoy("echo 'libatomic.so.1: cannot open shared object file' >&2; exit 3");

  const refused = startEnvoy(await scenario(new Upstream()), { path: file, version: "1.40.0" });

  const message = expect.stringMatching(
    /^Envoy ended with exit code 3 before it served.*\n.*\n.*libatomic\.so\.1/,
  );
  await expect(refused).rejects.toMatchObject({ code: "envoy_exited", message });
});

test("an Envoy that was compiled without Wasm is refused as such", async () => {
  const said = [
    "warning wasm Failed to create Wasm VM using envoy.wasm.runtime.v8 runtime. Envoy was compiled without support for it",
    "critical wasm Plugin plugin-0 failed to load",
  ];
  const file = await fakeEnvoy(`printf '%s\\n' ${said.map((line) => `'${line}'`).join(" ")} >&2; exit 1`);

  const refused = startEnvoy(await scenario(new Upstream()), { path: file, version: "1.38.3" });

  const message = expect.stringMatching(
    /^this Envoy cannot run Wasm: .*without support for it\n.*ENVOY_PATH/,
  );
  await expect(refused).rejects.toMatchObject({ code: "unsupported", message });
});

test.for<[when: string, taken: number, message: RegExp]>([
  ["from the start", 4096, /has no room for its configuration: .*No space left on device\nMake room there/],
  ["a moment later", 0, /has no room for the address of its admin interface\nMake room there/],
])(
  "a disk that is full %s is named, and nothing is left behind",
  async ([, taken, message], { envoy, skip }) => {
    if (process.getuid?.() !== 0) skip("only root can mount a disk that is full");
    const folder = await ownTemporaryFolder();
    await promisify(execFile)("mount", ["-t", "tmpfs", "-o", "size=4k", "tmpfs", folder]);
    onTestFinished(async () => void (await promisify(execFile)("umount", [folder])));
    await writeFile(path.join(folder, "taken"), "-".repeat(taken));

    const refused = startEnvoy(await scenario(new Upstream()), envoy);

    await expect(refused).rejects.toMatchObject({
      code: "unsupported",
      message: expect.stringMatching(message),
    });
    await rm(path.join(folder, "taken"));
    expect(await leftovers(folder, await freePort())).toEqual(nothing);
  },
);

test("an Envoy that never serves is given up, and has left nothing", async () => {
  const file = await fakeEnvoy("echo 'info main still warming' >&2; exec sleep 60");
  const folder = await ownTemporaryFolder();

  const refused = startEnvoy(await scenario(new Upstream()), {
    path: file,
    version: "1.40.0",
    startMs: 2_000,
  });

  const message = expect.stringMatching(/has not logged "starting workers".* 2000 ms\n.*\n.*still warming/);
  await expect(refused).rejects.toMatchObject({ code: "timeout", message });
  expect(await leftovers(folder, await freePort())).toEqual(nothing);
});
