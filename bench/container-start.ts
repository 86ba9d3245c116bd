import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { EnvoyContainer, requireContainers } from "proxy-wasm-harness/container";

const image = "envoyproxy/envoy:v1.40.0";

/** What the start of a container may take, of what `docker run` takes. */
const GOAL = 1.3;

const serves = "starting workers";
const adminPort = 9901;
const admin = { address: { socket_address: { address: "0.0.0.0", port_value: adminPort } } };

/** How long a container's start takes until Envoy serves, ours and `docker run`'s by turns: one line; null without either. */
export async function containerStart(rounds: number): Promise<string | null> {
  const isMissing = await requireContainers(image).then(
    () => false,
    () => true,
  );
  if (isMissing) return null;
  const [ours, bare]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    ours.push(await harnessStart());
    const ms = await dockerRun();
    if (ms === null) return null;
    bare.push(ms);
  }
  const [own, other] = [median(ours), median(bare)];
  const verdict = `≤ ${GOAL.toFixed(2)}: ${own / other <= GOAL ? "met" : "missed"}`;
  return `container start ${own.toFixed(0)} ms, \`docker run\` ${other.toFixed(0)} ms: ${(own / other).toFixed(2)}; goal ${verdict}`;
}

async function harnessStart(): Promise<number> {
  const begin = performance.now();
  const envoy = await new EnvoyContainer(image).withBootstrap({}).start();
  const ms = performance.now() - begin;
  await envoy.stop();
  return ms;
}

/** Null where there is no such command. */
async function dockerRun(): Promise<number | null> {
  const name = `proxy-wasm-bench-${randomUUID()}`;
  const options = ["--rm", "--name", name, "--publish", `127.0.0.1::${adminPort}`, "--user", "101:101"];
  const flags = ["--config-yaml", JSON.stringify({ admin }), "--concurrency", "1", "--disable-hot-restart"];
  const begin = performance.now();
  const stdio = ["ignore", "ignore", "pipe"] as const;
  const run = spawn("docker", ["run", ...options, "--entrypoint", "/usr/local/bin/envoy", image, ...flags], {
    stdio: [...stdio],
  });
  const ended = once(run, "close").catch(() => null);
  let ms: number | null = null;
  for await (const line of createInterface({ input: run.stderr })) {
    if (!line.includes(serves)) continue;
    ms = performance.now() - begin;
    break;
  }
  await once(spawn("docker", ["rm", "--force", name], { stdio: "ignore" }), "close").catch(() => null);
  await ended;
  return ms;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;
}
