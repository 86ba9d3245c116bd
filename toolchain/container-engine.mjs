// Runs a command where a container engine answers: `node toolchain/container-engine.mjs COMMAND ARGUMENTS…`. Where none
// does it starts dockerd, which root alone can, after installing it with apt-get when it is not there, and stops it
// when the command has ended. It runs on any Node from 20.20 and on nothing but Node's own modules.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, rmSync } from "node:fs";
import http from "node:http";
import { createInterface } from "node:readline";

const socket = "/var/run/docker.sock";
const pidFile = "/var/run/docker.pid";

class Failure extends Error {}

async function main([command, ...args]) {
  if (command === undefined)
    throw new Failure("usage: node toolchain/container-engine.mjs COMMAND [ARGUMENT…]");
  const engine = await ensureEngine();
  try {
    return await run(command, args);
  } finally {
    await engine?.stop();
  }
}

/** The engine that was started here; null when there was one. */
async function ensureEngine() {
  const named = process.env.DOCKER_HOST;
  if (named) {
    if (await answers(addressOf(named))) return null;
    throw new Failure(`no engine answers at DOCKER_HOST ${named}: correct it, or unset it`);
  }
  if (await answers({ socketPath: socket })) return null;
  if (process.platform !== "linux" || process.getuid() !== 0)
    throw new Failure(`no engine answers at ${socket}, and root on Linux alone can start one: start yours`);
  if (!isInstalled("dockerd")) install();
  if (await answers({ socketPath: socket })) return null; // the package has started it
  return startEngine();
}

function addressOf(url) {
  const { pathname, hostname, port } = new URL(url);
  return hostname === "" ? { socketPath: pathname } : { host: hostname, port };
}

async function answers(address) {
  try {
    const [response] = await once(http.get({ ...address, path: "/_ping" }), "response");
    response.resume();
    return response.statusCode === 200;
  } catch {
    return false;
  }
}

function isInstalled(program) {
  return spawnSync(program, ["--version"], { stdio: "ignore" }).error === undefined;
}

function install() {
  console.log("installing a container engine (apt-get install docker.io)…");
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const packages = ["docker.io", "iptables"];
  for (const args of [["update"], ["install", "--yes", "--no-install-recommends", ...packages]]) {
    const { status, error, stderr } = spawnSync("apt-get", args, { encoding: "utf8", env });
    if (status === 0) continue;
    throw new Failure(`no engine could be installed: apt-get ${args[0]}: ${error?.message ?? stderr.trim()}`);
  }
}

async function startEngine() {
  removeStalePid();
  const engine = spawn("dockerd", ["--ip", "127.0.0.1"], {
    detached: true, // Ctrl-C reaches the command first
    stdio: ["ignore", "ignore", "pipe"],
  });
  const ended = once(engine, "close");
  const tail = await listening(engine, ended);
  if (tail !== null) throw new Failure(`dockerd has ended before it answered:\n${tail.join("\n")}`);
  console.log(`dockerd answers (process ${engine.pid})`);
  const stop = async () => {
    engine.kill("SIGTERM");
    await ended;
    console.log("dockerd is stopped");
  };
  return { stop };
}

/** Resolves with null when dockerd listens, with its last lines when it has ended. */
async function listening(engine, ended) {
  const tail = [];
  const ready = new Promise((resolve) => {
    createInterface({ input: engine.stderr }).on("line", (line) => {
      tail.push(line);
      if (tail.length > 5) tail.shift();
      if (line.includes(`API listen on ${socket}`)) resolve(null);
    });
  });
  return Promise.race([ready, ended.then(() => tail)]);
}

/** An engine that was killed leaves its pid, which another process may have by now: dockerd would not start then. */
function removeStalePid() {
  if (!existsSync(pidFile)) return;
  const name = `/proc/${readFileSync(pidFile, "utf8").trim()}/comm`;
  if (existsSync(name) && readFileSync(name, "utf8").trim() === "dockerd") return;
  rmSync(pidFile);
}

/** Containers are reached on loopback, also from a machine that looks like a container itself, and no reaper is pulled. */
async function run(command, args) {
  const child = spawn(command, args, {
    stdio: "inherit",
    env: {
      TESTCONTAINERS_RYUK_DISABLED: "true",
      ...(process.env.DOCKER_HOST ? {} : { TESTCONTAINERS_HOST_OVERRIDE: "localhost" }),
      ...process.env,
    },
  });
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill(signal));
  const [code] = await once(child, "close").catch((error) => {
    throw new Failure(`${command}: ${error.message}`);
  });
  return code ?? 1;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof Failure)) throw error;
  console.error(`container-engine: ${error.message}`);
  process.exitCode = 1;
}
