import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { brotliDecompressSync } from "node:zlib";
import { expect, onTestFinished, test } from "vitest";
import { requiresCi } from "../harness/requires-ci.ts";

const run = promisify(execFile);
const root = fileURLToPath(new URL("../../", import.meta.url));
const goVersion = "go1.26.8";
const peerTasks = ["t0", "t1", "t2", "t3", "t4"];

async function outFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), "rebuilt-modules-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

/** The version of Go on this machine, or why it cannot be asked. */
async function installedGo(): Promise<string> {
  return run("go", ["env", "GOVERSION"], { env: { ...process.env, GOTOOLCHAIN: "local" } }).then(
    ({ stdout }) => stdout.trim(),
    () => "none",
  );
}

test("the Go module is what its source compiles to", async ({ skip }) => {
  requiresCi(skip);
  const installed = await installedGo();
  if (installed !== goVersion) skip(`this needs ${goVersion}, and there is ${installed}`);
  const out = path.join(await outFolder(), "go.wasm");

  const target = { GOTOOLCHAIN: "local", GOOS: "wasip1", GOARCH: "wasm" };
  const flags = ["-trimpath", "-buildvcs=false", "-buildmode=c-shared", "-ldflags=-s -w -buildid="];
  const options = { cwd: path.join(root, "test/modules/go"), env: { ...process.env, ...target } };
  await run("go", ["build", ...flags, "-o", out, "."], options);

  const kept = brotliDecompressSync(await readFile(path.join(root, "test/modules/built/go.wasm.br")));
  expect(kept.equals(await readFile(out))).toBe(true);
});

test.for(peerTasks)("the peer %s-raw is what its source compiles to", async (task, { skip }) => {
  requiresCi(skip);
  const peers = path.join(root, "bench/peers/raw");
  const out = path.join(await outFolder(), "raw.wasm");

  const asc = path.join(root, "node_modules/assemblyscript/bin/asc.js");
  const flags = ["-O3", "--runtime", "stub", "--enable", "simd"];
  await run(process.execPath, [asc, `${task}.ts`, ...flags, "-o", out], { cwd: peers });

  const kept = await readFile(path.join(peers, `${task}-raw.wasm`));
  expect(kept.equals(await readFile(out))).toBe(true);
});
