import { parseArgs, type ParseArgsOptionsConfig } from "node:util";
import { HarnessError } from "../errors.ts";
import { nearest } from "../nearest.ts";
import { usages, type CommandName } from "./usage.ts";

/** How many arguments beside its options a command takes. */
interface Count {
  readonly atLeast?: number;
  /** Default: any number. */
  readonly atMost?: number;
}

/** Arguments of a command. Refused with `invalid_input` and the command's usage. */
export function parseArguments<T extends ParseArgsOptionsConfig>(
  command: CommandName,
  args: readonly string[],
  options: T,
  { atLeast = 0, atMost = Infinity }: Count = {},
) {
  const parsed = parse(command, args, options);
  const [surplus] = parsed.positionals.slice(atMost);
  if (surplus !== undefined) throw refusal(command, `"${surplus}" is one too many`);
  if (parsed.positionals.length < atLeast) throw refusal(command, "no file is named");
  return parsed;
}

function parse<T extends ParseArgsOptionsConfig>(command: CommandName, args: readonly string[], options: T) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw refusal(command, inOurWords(reason, Object.keys(options)), cause);
  }
}

/** Node's own words show a value where none is, and go on about arguments that begin with a dash. */
function inOurWords(reason: string, names: readonly string[]): string {
  const [, bare] =
    /^Option '(?:-\w, )?(--[^' ]+)(?: <value>)?' argument (?:missing|is ambiguous)/.exec(reason) ?? [];
  if (bare !== undefined) return `${bare} needs a value`;
  const [, unknown] = /^Unknown option '([^']+)'/.exec(reason) ?? [];
  if (unknown === undefined) return reason;
  const close = nearest(
    unknown,
    names.map((name) => `--${name}`),
  );
  return `there is no option ${unknown}${close === null ? "" : `: did you mean ${close}?`}`;
}

function refusal(command: CommandName, reason: string, cause?: unknown): HarnessError {
  const { synopsis } = usages[command];
  const usage = `usage: proxy-wasm ${synopsis}\n\`proxy-wasm ${command} --help\` says more.`;
  return new HarnessError("invalid_input", `${reason}\n${usage}`, { cause });
}
