import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const specs = fileURLToPath(new URL("./specs", import.meta.url));
const vitest = fileURLToPath(new URL("../../node_modules/vitest/vitest.mjs", import.meta.url));

/** What a person would read of the one test of a spec. */
export interface SpecResult {
  readonly status: string;
  readonly messages: string;
}

/** Runs one of the specs in a vitest of its own, as a user would, and resolves with the result of its only test. */
export async function runSpec(name: string, backend: string, environment: Record<string, string> = {}): Promise<SpecResult> {
  const args = [vitest, "run", `${name}.spec.ts`, `--project=${backend}`, "--reporter=json"];
  const { stdout, stderr } = await promisify(execFile)(process.execPath, args, {
    cwd: specs,
    env: { ...process.env, VITEST: undefined, ...environment },
  }).catch((failure: { stdout: string; stderr: string }) => failure);
  if (!stdout.includes("{")) throw new Error(`vitest ran no test: ${stdout}${stderr}`);
  const report = JSON.parse(stdout.slice(stdout.indexOf("{"))) as Report;
  const result = report.testResults[0]?.assertionResults[0];
  if (result === undefined) throw new Error(`vitest ran no test: ${report.testResults[0]?.message ?? stdout}`);
  return { status: result.status, messages: (result.failureMessages ?? []).join("\n") };
}

/** The part of vitest's JSON report that is read. */
interface Report {
  readonly testResults: ReadonlyArray<{
    readonly message?: string;
    readonly assertionResults: ReadonlyArray<{ status: string; failureMessages?: string[] }>;
  }>;
}
