import { HarnessError } from "../errors.ts";
import { nearest } from "../nearest.ts";
import { helpOf, isCommandName, overview, usages, type CommandName } from "./usage.ts";

/** A command's work: what is left of the arguments, and the exit code 0 held or 1 failed; a thrown error is 2 or 1. */
export type Command = (args: readonly string[]) => Promise<number>;

/** Each is loaded when it is asked for: none waits for what only another one needs. */
const commands: Readonly<Record<CommandName, () => Promise<Command>>> = {
  build: async () => (await import("./build.ts")).build,
  check: async () => (await import("./check.ts")).check,
  lint: async () => (await import("./lint.ts")).lint,
  "stats-tags": async () => (await import("./stats-tags.ts")).statsTagsCommand,
  traps: async () => (await import("./traps.ts")).traps,
  "fetch-envoy": async () => (await import("./fetch-envoy.ts")).fetchEnvoyCommand,
  "build-image": async () => (await import("./build-image.ts")).buildImageCommand,
  "fetch-http3": async () => (await import("./fetch-http3.ts")).fetchHttp3Command,
};

/** The one place where errors become exit codes. */
async function main([name = "", ...args]: readonly string[]): Promise<number> {
  if (name === "" || name === "help" || isHelp(name)) {
    console.log(overview());
    return name === "" ? 2 : 0;
  }
  if (!isCommandName(name)) throw unknownCommand(name);
  if (args.some(isHelp)) {
    console.log(helpOf(name));
    return 0;
  }
  const command = await commands[name]();
  return command(args);
}

function isHelp(argument: string): boolean {
  return argument === "--help" || argument === "-h";
}

function unknownCommand(name: string): HarnessError {
  const close = nearest(name, Object.keys(usages));
  const hint = close === null ? "" : `: did you mean ${close}?`;
  return new HarnessError("invalid_input", `unknown command "${name}"${hint}\n\n${overview()}`);
}

process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit(); // whoever reads has read enough: `| head`
});

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (thrown) {
  const error = HarnessError.from(thrown);
  console.error(`proxy-wasm: ${error.code === "internal" ? (error.stack ?? error.message) : error.message}`);
  process.exitCode = error.isUsers ? 2 : 1;
}
