import { HarnessError } from "../errors.ts";
import { nearest } from "../nearest.ts";

/** A command's work: what is left of the arguments, and the exit code 0 held or 1 failed; a thrown error is 2 or 1. */
export type Command = (args: readonly string[]) => Promise<number>;

/** Each is loaded when it is asked for: none waits for what only another one needs. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  build: async () => (await import("./build.ts")).build,
  check: async () => (await import("./check.ts")).check,
  "fetch-envoy": async () => (await import("./fetch-envoy.ts")).fetchEnvoyCommand,
  "build-image": async () => (await import("./build-image.ts")).buildImageCommand,
  "fetch-http3": async () => (await import("./fetch-http3.ts")).fetchHttp3Command,
  lint: async () => (await import("./lint.ts")).lint,
  "stats-tags": async () => (await import("./stats-tags.ts")).statsTagsCommand,
};

const usage = `usage: proxy-wasm COMMAND

  build [FOLDER…] [--out FOLDER]  compile filters, by default every folder in filters/ into build/
  check FILE…                     hold modules against what Envoy loads and survives
  lint FILE…                      find what Envoy refuses, or accepts in silence, in bootstraps and xDS resources
  stats-tags FILE [LABEL…]        print the stats_tags by which Envoy sees the labels of a module's metrics, and these
  fetch-envoy [--version 1.38]    get a real Envoy for this machine unless it has one, and print where it is
  build-image [--version V] [--tag T]
                                  build an image of that Envoy on the container engine, where none can be pulled
  fetch-http3                     get an HTTP/3 client for this machine's python3 unless it has one

exit codes: 0 held, 1 failed or refused, 2 the input was wrong`;

/** The one place where errors become exit codes. */
async function main([name = "", ...args]: readonly string[]): Promise<number> {
  if (name === "" || name === "--help" || name === "-h" || name === "help") {
    console.log(usage);
    return name === "" ? 2 : 0;
  }
  const load = commands[name];
  if (load === undefined) throw unknownCommand(name);
  const command = await load();
  return command(args);
}

function unknownCommand(name: string): HarnessError {
  const close = nearest(name, Object.keys(commands));
  const hint = close === null ? "" : `: did you mean ${close}?`;
  return new HarnessError("invalid_input", `unknown command "${name}"${hint}\n\n${usage}`);
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (thrown) {
  const error = HarnessError.from(thrown);
  console.error(`proxy-wasm: ${error.code === "internal" ? (error.stack ?? error.message) : error.message}`);
  process.exitCode = error.isUsers ? 2 : 1;
}
