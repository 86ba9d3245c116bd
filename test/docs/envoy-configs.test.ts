import { execFile } from "node:child_process";
import { readdir } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { findEnvoy } from "proxy-wasm-harness";
import { expect, test } from "vitest";
import { requiresEnvoy } from "../harness/requires-envoy.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
// Those of the platforms have a point in their name, and a test of their own.
const files = await readdir(path.join(root, "envoy-configs"));
const configs = files.filter((name) => /^[\w-]+\.yaml$/.test(name));

test.for(configs)("a real Envoy accepts %s with its filter", async (name, { skip }) => {
  await requiresEnvoy(skip);
  const envoy = await findEnvoy();
  const args = ["--mode", "validate", "--config-path", path.join("envoy-configs", name)];

  const { stdout } = await promisify(execFile)(envoy?.path ?? "envoy", args, { cwd: root });

  expect(stdout).toContain(`${name}' OK`);
});
