#!/usr/bin/env node
// The command itself is harness/src/cli; this file only says what to do where it cannot run.
import { existsSync, readFileSync } from "node:fs";
import module from "node:module";

/** Why the command cannot run; null when it can. */
function obstacle() {
  const { engines } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  const least = engines.node.replace(">=", "");
  if (process.versions.node.localeCompare(least, "en", { numeric: true }) < 0)
    return `it needs Node ${least} or newer, and this is ${process.versions.node}: ${process.execPath}`;
  return existsSync(main) ? null : "the harness has not been compiled yet: run `npm run build` first";
}

const main = new URL("../dist/cli/main.js", import.meta.url);
const reason = obstacle();
if (reason === null) {
  module.enableCompileCache(); // of some 200 small files, most of them the same for every command
  await import(main.href);
} else {
  console.error(`proxy-wasm: ${reason}`);
  process.exitCode = 2;
}
