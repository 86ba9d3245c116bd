import { execFile } from "node:child_process";
import { mkdtempDisposable, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

/** The folder of the specs that are fixtures of tests. */
export const specs = fileURLToPath(new URL("./specs", import.meta.url));
/** vitest's own program, to be run by Node. */
export const vitest = fileURLToPath(new URL("../../node_modules/vitest/vitest.mjs", import.meta.url));

/** What a person would read of a test of a spec. */
export interface SpecResult {
  readonly status: string;
  readonly messages: string;
}

/** Runs one of the specs in a vitest of its own, as a user would, and resolves with the result of its first test. */
export async function runSpec(
  name: string,
  backend: string,
  environment: Record<string, string> = {},
): Promise<SpecResult> {
  return (await runSpecs([name], backend, environment))(name);
}

/**
 * As `runSpec`, of several specs in one vitest, which takes longer to start than they do: the result of each by its name,
 * and of a later test of it by its number, from 0.
 */
export async function runSpecs(
  names: readonly string[],
  backend: string,
  environment: Record<string, string> = {},
): Promise<(name: string, test?: number) => SpecResult> {
  await using folder = await mkdtempDisposable(path.join(tmpdir(), "run-spec-"));
  const report = path.join(folder.path, "report.json");
  const args = [
    "run",
    ...names.map((name) => `${name}.spec.ts`),
    `--project=${backend}`,
    "--reporter=json",
    `--outputFile=${report}`,
  ];
  const output = await promisify(execFile)(process.execPath, [vitest, ...args], {
    cwd: specs,
    env: { ...process.env, VITEST: undefined, ...environment },
  }).catch((failure: { stdout: string; stderr: string }) => failure); // most specs are meant to fail
  const { testResults } = JSON.parse(await readFile(report, "utf8")) as Report;
  return (name, test = 0) => {
    const file = testResults.find((each) => path.basename(each.name) === `${name}.spec.ts`);
    const result = file?.assertionResults[test];
    if (result === undefined)
      throw new Error(`vitest ran no test of ${name}:\n${output.stdout}${output.stderr}`);
    return { status: result.status, messages: result.failureMessages.join("\n") };
  };
}

/** The part of vitest's JSON report that is read. */
interface Report {
  readonly testResults: ReadonlyArray<{
    /** The spec's path. */
    readonly name: string;
    readonly assertionResults: ReadonlyArray<{
      readonly status: string;
      readonly failureMessages: readonly string[];
    }>;
  }>;
}
