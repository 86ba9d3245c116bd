#!/usr/bin/env node
// The command itself is harness/src/cli; this file only chooses how it is loaded, and says what to do where it cannot run.
import { existsSync, readFileSync, statSync } from "node:fs";
import module from "node:module";

const main = new URL("../dist/cli/main.js", import.meta.url);
const bundle = new URL("../dist/bundle/main.js", import.meta.url);

/** Why the command cannot run; null when it can. */
function obstacle() {
  const { engines } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  const least = engines.node.replace(">=", "");
  if (process.versions.node.localeCompare(least, "en", { numeric: true }) < 0)
    return `it needs Node ${least} or newer, and this is ${process.versions.node}: ${process.execPath}`;
  return existsSync(main) ? null : "the harness has not been compiled yet: run `npm run build` first";
}

/** The bundle, which loads faster, unless what it is made from was compiled again since. */
function newest() {
  return existsSync(bundle) && statSync(bundle).mtimeMs >= statSync(main).mtimeMs ? bundle : main;
}

const reason = obstacle();
if (reason === null) {
  module.enableCompileCache();
  await import(newest().href);
} else {
  console.error(`proxy-wasm: ${reason}`);
  process.exitCode = 2;
}
