import { statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { HarnessError } from "../errors.ts";
import type { LintFinding, Spot } from "../lint/finding.ts";
import { lintedText, type LintOptions } from "../lint/lint.ts";
import { isRuleName, ruleNames, type RuleName } from "../lint/rules.ts";
import { findingText, summaryText } from "../lint/text.ts";
import { nearest } from "../nearest.ts";
import { unreadable } from "../unreadable.ts";
import { parseArguments } from "./arguments.ts";

/** `proxy-wasm lint FILE…`: 0 when every file is sound, 1 when there are findings, 2 when a file cannot be read. */
export async function lint(args: readonly string[]): Promise<number> {
  const { positionals: files, values } = parseArguments("lint", args, flags, { atLeast: 1 });
  const options: LintOptions = {
    ...(values.envoy === undefined ? {} : { envoy: values.envoy }),
    folder: folderNamed(values.folder ?? process.cwd()),
    off: (values.off ?? []).map(ruleNamed),
    warn: (values.warn ?? []).map(ruleNamed),
  };
  const findings: LintFinding[] = [];
  for (const file of files)
    findings.push(...(await lintFile(file, { ...options, asksEnvoy: !values["no-envoy"] })));
  print(findings, files, { asJson: values.json });
  return exitCode(findings, { isStrict: values.strict });
}

const flags = {
  envoy: { type: "string" },
  folder: { type: "string" },
  off: { type: "string", multiple: true },
  warn: { type: "string", multiple: true },
  strict: { type: "boolean", default: false },
  json: { type: "boolean", default: false },
  "no-envoy": { type: "boolean", default: false },
} as const;

interface FileOptions extends LintOptions {
  readonly asksEnvoy: boolean;
}

async function lintFile(file: string, { asksEnvoy, ...options }: FileOptions): Promise<LintFinding[]> {
  const text = await read(file);
  const { findings, value, isBootstrap } = lintedText(text, { ...options, file });
  const isOff = !asksEnvoy || options.off?.includes("envoy") === true;
  if (isOff || !isBootstrap || value === null) return findings.all();
  const { envoy = null, folder = process.cwd() } = options;
  const { askEnvoy } = await import("../lint/envoy-verdict.ts"); // what nobody asks need not be loaded
  const version = envoy?.split(".", 2).join(".") ?? null;
  const verdict = await askEnvoy({ file, text, value, folder, version });
  if ("note" in verdict) {
    console.error(`${file}: ${verdict.note}`);
    return findings.all();
  }
  const { refusal } = verdict;
  if (refusal !== null && !isKnown(refusal.spot, findings.all()))
    findings.report("envoy", refusal.spot, refusal.message, refusal.suggestion);
  return findings.all();
}

/** Whether lint says itself what Envoy says of a path: of the same value, or of one in it or around it. */
function isKnown({ path }: Spot, findings: readonly LintFinding[]): boolean {
  const isRelated = (other: string): boolean => isWithin(other, path) || isWithin(path, other);
  return path !== "" && findings.some((one) => one.severity === "error" && isRelated(one.path));
}

function isWithin(path: string, outer: string): boolean {
  return path.startsWith(outer) && /^([.[]|$)/.test(path.slice(outer.length));
}

/** Refused with `not_found` when it is no folder: Envoy could not be started there. */
function folderNamed(name: string): string {
  if (statSync(name, { throwIfNoEntry: false })?.isDirectory() === true) return name;
  throw new HarnessError("not_found", `--folder ${name}: there is no such folder`);
}

async function read(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    throw unreadable(file, cause);
  }
}

function ruleNamed(name: string): RuleName {
  if (isRuleName(name)) return name;
  const close = nearest(name, ruleNames);
  const hint = close === null ? `there are\n${wrapped(ruleNames)}` : `did you mean ${close}?`;
  throw new HarnessError("invalid_input", `there is no rule "${name}": ${hint}`);
}

/** Names in lines of up to 80 columns. */
function wrapped(names: readonly string[]): string {
  return names
    .join(", ")
    .replaceAll(/(.{1,76})(?: |$)/g, "  $1\n")
    .trimEnd();
}

function print(
  findings: readonly LintFinding[],
  files: readonly string[],
  { asJson }: { asJson: boolean },
): void {
  if (asJson) {
    console.log(JSON.stringify(findings, null, 2));
    return;
  }
  const isColoured = process.stdout.isTTY && process.env["NO_COLOR"] === undefined;
  for (const finding of findings) console.log(findingText(finding, { isColoured }));
  console.log(`${files.length === 1 ? (files[0] ?? "") : `${files.length} files`}: ${summaryText(findings)}`);
}

function exitCode(findings: readonly LintFinding[], { isStrict }: { isStrict: boolean }): number {
  if (findings.some(({ rule }) => rule === "syntax")) return 2;
  const fails = ({ severity }: LintFinding): boolean =>
    severity === "error" || (isStrict && severity === "warning");
  return findings.some(fails) ? 1 : 0;
}
