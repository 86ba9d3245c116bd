/** Runs `hold-proxy.ts` as its child, with the same arguments. */
import { fork } from "node:child_process";
import path from "node:path";

fork(path.join(import.meta.dirname, "hold-proxy.ts"), process.argv.slice(2));
