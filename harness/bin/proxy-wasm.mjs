#!/usr/bin/env node
// The command itself is harness/src/cli; this file only says what to do where it has not been compiled yet.
import { existsSync } from "node:fs";

const main = new URL("../dist/cli/main.js", import.meta.url);
if (existsSync(main)) await import(main.href);
else {
  console.error("proxy-wasm: the harness has not been compiled yet: run `npm run build` first");
  process.exitCode = 2;
}
