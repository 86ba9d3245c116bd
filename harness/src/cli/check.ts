import { parseArguments } from "./arguments.ts";
import { checkModule, refusalText } from "../module/check.ts";
import { readModule } from "../module/load.ts";

/** `proxy-wasm check FILE…`: 0 when every module is sound, 1 when one is refused. */
export async function check(args: readonly string[]): Promise<number> {
  const { positionals: files } = parseArguments("check", args, {}, { atLeast: 1 });
  let refused = 0;
  for (const file of files) {
    const { refusals, warnings, abiVersion } = checkModule(file, await readModule(file));
    if (refusals.length === 0) console.log(`${file}: sound, ABI ${abiVersion}`);
    else console.log(refusalText(file, refusals));
    for (const warning of warnings) console.log(`  warning: ${warning}`);
    refused += Number(refusals.length > 0);
  }
  return refused === 0 ? 0 : 1;
}
