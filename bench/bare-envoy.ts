import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { bootstrap, type HttpFilter } from "./bootstrap.ts";

const PATIENCE_MS = 20_000;

/** How long an Envoy without anything of ours but these filters takes from its start to its first answer. */
export async function bareStartMs(binary: string, filters: readonly HttpFilter[] = []): Promise<number> {
  const port = await freePort();
  const configuration = JSON.stringify(bootstrap(filters, port));
  const flags = ["--concurrency", "1", "--disable-hot-restart", "-l", "off"];
  const begun = performance.now();
  const envoy = spawn(binary, ["--config-yaml", configuration, ...flags], { stdio: "ignore" });
  const ended = once(envoy, "exit");
  try {
    while (!(await answers(port))) {
      if (performance.now() - begun > PATIENCE_MS) throw new Error("a bare Envoy did not serve");
      await delay(1);
    }
    return performance.now() - begun;
  } finally {
    envoy.kill("SIGKILL");
    await ended;
  }
}

async function answers(port: number): Promise<boolean> {
  const response = await fetch(`http://127.0.0.1:${port}/`).catch(() => null);
  await response?.text();
  return response !== null; // a filter may refuse it
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
