import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "vitest";
import type { EnvoyBinary } from "../../harness/src/envoy/find.ts";
import { guest } from "../guests/guest.ts";
import { test } from "./envoy-fixture.ts";
import { isCi } from "./requires-ci.ts";
import { freePort, leftovers, nothing } from "./leftovers.ts";

/** The moment of the kill is another one in each round; CI takes more of them. */
const rounds = isCi ? 20 : 2;
const latestMs = 250; // by then the proxy serves: the points lie before, during and after its start

/** A linear congruential generator: the same points in every run. */
function* points(seed: number): Generator<number, never> {
  for (let state = seed; ;) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    yield (state / 2 ** 32) * latestMs;
  }
}

/** Starts a program of this folder on an Envoy, and kills it so long after it has begun. */
async function killAfter(ms: number, envoy: EnvoyBinary, [program, ...args]: readonly [string, ...string[]]) {
  const file = path.join(import.meta.dirname, "programs", program);
  const child = spawn(process.execPath, [file, ...args], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, ENVOY_PATH: envoy.path },
  });
  await once(child.stdout, "data");
  await delay(ms);
  child.kill("SIGKILL");
}

test.for([
  ["the process that holds a proxy", "hold-proxy.ts"],
  ["its parent", "fork-proxy.ts"],
] as const)(
  "SIGKILL of %s leaves nothing after 2 s",
  { timeout: rounds * 30_000 },
  async ([, program], { envoy, skip }) => {
    if (process.platform !== "linux") skip("processes are looked for in /proc");
    const random = points(2026);

    for (let round = 0; round < rounds; round++) {
      const folder = await mkdtemp(path.join(tmpdir(), "killed-"));
      const port = await freePort();
      const ms = random.next().value;
      await killAfter(ms, envoy, [program, guest("raw/passes"), String(port), folder]);
      await expect
        .poll(() => leftovers(folder, port), {
          timeout: 2000,
          interval: 20,
          message: `killed after ${ms} ms`,
        })
        .toEqual(nothing);
      await rm(folder, { recursive: true });
    }
  },
);
