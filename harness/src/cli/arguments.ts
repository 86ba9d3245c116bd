import { parseArgs, type ParseArgsOptionsConfig } from "node:util";
import { HarnessError } from "../errors.ts";

/** How many arguments beside its options a command takes. */
interface Count {
  readonly atLeast?: number;
  /** Default: any number. */
  readonly atMost?: number;
}

/** Arguments of a command. Refused with `invalid_input` and the command's usage. */
export function parseArguments<T extends ParseArgsOptionsConfig>(
  usage: string,
  args: readonly string[],
  options: T,
  { atLeast = 0, atMost = Infinity }: Count = {},
) {
  const parsed = parse(usage, args, options);
  const [surplus] = parsed.positionals.slice(atMost);
  if (surplus !== undefined)
    throw new HarnessError("invalid_input", `"${surplus}" is one too many\nusage: proxy-wasm ${usage}`);
  if (parsed.positionals.length >= atLeast) return parsed;
  throw new HarnessError("invalid_input", `nothing to work on\nusage: proxy-wasm ${usage}`);
}

function parse<T extends ParseArgsOptionsConfig>(usage: string, args: readonly string[], options: T) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new HarnessError("invalid_input", `${reason}\nusage: proxy-wasm ${usage}`, { cause });
  }
}
