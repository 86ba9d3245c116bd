import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { loggedTraps } from "../envoy/trap-report.ts";
import { loadModule } from "../module/load.ts";
import { trapText } from "../trap.ts";
import { unreadable } from "../unreadable.ts";
import { parseArguments } from "./arguments.ts";

/** `proxy-wasm traps FILE [LOG]`: 0 when a trap of the module is in Envoy's log, with its lines, and 1 when none is. */
export async function traps(args: readonly string[]): Promise<number> {
  const { positionals } = parseArguments("traps", args, {}, { atLeast: 1, atMost: 2 });
  const [file = "", logFile] = positionals;
  const module = await loadModule(file);
  const log = logFile === undefined ? await text(process.stdin) : await readLog(logFile);
  const found = loggedTraps(log, module);
  for (const trap of found) console.log(trapText(module.name, trap));
  if (found.length === 0) console.error(`no trap of ${file} is in ${logFile ?? "what was read"}`);
  return found.length === 0 ? 1 : 0;
}

async function readLog(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    throw unreadable(file, cause);
  }
}
