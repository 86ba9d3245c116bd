import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import type { Plugin } from "../backend.ts";
import { HarnessError } from "../errors.ts";
import { EnvoyLog } from "../envoy/envoy-log.ts";
import { findEnvoy, type EnvoyBinary } from "../envoy/find.ts";
import { logFormat } from "../envoy/log-line.ts";
import { moduleCause } from "../envoy/refusal.ts";
import { envoyWords, type EnvoyWords } from "./envoy-words.ts";
import type { Spot } from "./finding.ts";
import { namedPlugins } from "./named-plugins.ts";
import { placeOf, spotOfOnly } from "./source/place-of.ts";
import type { Value } from "./source/value.ts";

/** A bootstrap to ask Envoy about. */
export interface Asked {
  readonly file: string;
  readonly text: string;
  /** The text as it was read. */
  readonly value: Value;
  /** The version that is to have it, `1.40`; null for whichever there is. */
  readonly version: string | null;
  /** Where Envoy is started, to which paths in the bootstrap are relative. */
  readonly folder: string;
}

/** What came of it: why Envoy was not asked, or what it says against the bootstrap, null for nothing. */
export type Verdict = { readonly note: string } | { readonly refusal: Refusal | null };

/** Why Envoy refuses a bootstrap. */
export interface Refusal {
  /** With a place in any case, if only the beginning of the text. */
  readonly spot: Spot;
  readonly message: string;
  readonly suggestion: string | null;
}

const timeoutMs = 60_000;

/** Asks `envoy --mode validate` of this machine about a bootstrap. It loads Wasm modules and opens no port. */
export async function askEnvoy(asked: Asked): Promise<Verdict> {
  const envoy = await search(asked.version);
  if (typeof envoy === "string") return { note: envoy };
  const output = await validate(envoy, asked);
  return { refusal: output === null ? null : await refusalOf(output, asked) };
}

/** The Envoy to ask, or why there is none. */
async function search(version: string | null): Promise<EnvoyBinary | string> {
  const name = version === null ? "Envoy" : `Envoy ${version}`;
  try {
    const found = await findEnvoy(version === null ? {} : { version });
    const fetch = `npx proxy-wasm fetch-envoy${version === null ? "" : ` --version ${version}`}`;
    return found ?? `no ${name} was asked, for none is on this machine: ${fetch}`;
  } catch (error) {
    if (!(error instanceof HarnessError) || error.code !== "invalid_input") throw error;
    return `no ${name} was asked: ${error.message}`;
  }
}

/** What Envoy logged; null when it accepts the bootstrap. */
async function validate({ path: binary }: EnvoyBinary, asked: Asked): Promise<string | null> {
  const flags = [
    "--mode",
    "validate",
    "--log-level",
    "warning",
    "--log-format",
    logFormat,
    "--log-format-escaped",
  ];
  const run = promisify(execFile)(binary, [...flags, ...configuration(asked)], {
    cwd: asked.folder,
    timeout: timeoutMs,
    maxBuffer: 64 * 1024 * 1024,
  });
  return run.then(
    () => null,
    (failure: { stderr?: string; message: string }) => failure.stderr || failure.message,
  );
}

/** Envoy tells the format from the name. */
function configuration({ file, text }: Asked): string[] {
  return /\.(ya?ml|json)$/.test(file) ? ["--config-path", path.resolve(file)] : ["--config-yaml", text];
}

function logOf(text: string, plugins: readonly Plugin[]): EnvoyLog {
  const log = new EnvoyLog(plugins);
  for (const line of text.split("\n").filter((one) => one !== "")) log.add(line);
  return log;
}

/** The cause first: of a module that was refused, Envoy's last word says only its name. */
async function refusalOf(output: string, { value, text, folder }: Asked): Promise<Refusal> {
  const log = logOf(output, await namedPlugins(text, folder));
  const cause = moduleCause(log, []);
  const last = log.problems.at(-1)?.text ?? log.tail.at(-1) ?? "it ended without a word";
  const words = cause === null ? envoyWords(last) : { path: "", message: cause.text };
  const { path: where, place } = spotOf(value, words);
  return {
    spot: { path: where, place: place ?? { line: 1, column: 1 } },
    message: `Envoy refuses it: ${words.message}`,
    suggestion: cause?.remedy ?? null,
  };
}

/** Where Envoy's path leads; without one, the only value that its message names. */
function spotOf(root: Value, { path, message }: EnvoyWords): Spot {
  if (path !== "") return { path, place: placeOf(root, path) };
  const names = [...message.matchAll(/(?<=[\s(])'([^']+)'|"([^"]+)"|address: (\S+?)\.(?: |$)/g)];
  const spots = names.flatMap(
    ([, ...words]) => spotOfOnly(root, words.find((word) => word !== undefined) ?? "") ?? [],
  );
  return spots[0] ?? { path, place: null };
}
