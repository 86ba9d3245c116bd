import { execFile } from "node:child_process";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { authzConfiguration, authzHeaders, authzModule, authzPath } from "./authz.ts";

const TESTS = 1_000;
const GOAL_SECONDS = 5;
/** Of the kernel's clock, on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

const folder = fileURLToPath(new URL("../../build/bench/thousand-tests/", import.meta.url));
const vitest = fileURLToPath(new URL("../../node_modules/vitest/vitest.mjs", import.meta.url));

/** How long a vitest of its own takes for a thousand tests, each with a proxy of its own: one line. */
export async function thousandTests(): Promise<string> {
  await mkdir(folder, { recursive: true });
  try {
    await writeFile(path.join(folder, "vitest.config.ts"), configuration);
    await writeFile(path.join(folder, "thousand.spec.ts"), spec());
    const [begun, cpuBefore] = [performance.now(), await childCpuSeconds()];
    await run();
    const seconds = (performance.now() - begun) / 1_000;
    const cpuSeconds = (await childCpuSeconds()) - cpuBefore;
    const { numPassedTests: passed, testResults } = JSON.parse(await readFile(report, "utf8")) as Report;
    if (passed !== TESTS) throw new Error(`${passed} of ${TESTS} tests passed`);
    const [{ startTime = NaN, endTime = NaN } = {}] = testResults;
    const verdict = `≤ ${GOAL_SECONDS} s: ${seconds <= GOAL_SECONDS ? "met" : "missed"}`;
    const inTests = ((endTime - startTime) / 1_000).toFixed(2);
    const figures = `${seconds.toFixed(2)} s, ${inTests} s of it in tests, ${cpuSeconds.toFixed(2)} s of a processor`;
    return `${TESTS} tests in vitest: ${figures}; goal ${verdict}`;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const report = path.join(folder, "report.json");

/** The part of vitest's JSON report that is read. */
interface Report {
  readonly numPassedTests: number;
  readonly testResults: ReadonlyArray<{ readonly startTime?: number; readonly endTime?: number }>;
}

async function run(): Promise<void> {
  const args = [vitest, "run", "--reporter=json", `--outputFile=${report}`];
  await promisify(execFile)(process.execPath, args, {
    cwd: folder,
    env: { ...process.env, VITEST: undefined },
  });
}

/** What the processes that this one has waited for took of a processor; NaN where there is no /proc. */
async function childCpuSeconds(): Promise<number> {
  const stat = await readFile("/proc/self/stat", "utf8").catch(() => "");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[13]) + Number(fields[14])) / TICKS_PER_SECOND;
}

const configuration = `
import { defineConfig } from "vitest/config";
import { backendProjects } from "proxy-wasm-harness/vitest/config";

export default defineConfig({
  test: {
    projects: backendProjects({ include: ["*.spec.ts"], backends: ["embedded"] }).map(({ test }) => ({
      test: {
        ...test,
        testTimeout: 60_000, // on a busy machine a test may wait for its turn
        server: { deps: { external: [/\\/harness\\/(api|dist)\\//] } }, // as for users, in whose node_modules it is
      },
    })),
  },
});
`;

function spec(): string {
  const text = JSON.stringify;
  return `
import { expect, filterTest } from "proxy-wasm-harness/vitest";

const test = filterTest(${text(authzModule)}, ${text(authzConfiguration)}, { name: "bench" });
for (let i = 0; i < ${TESTS}; i++) {
  test("a request with a key passes, " + i, async ({ proxy, upstream }) => {
    const response = await proxy.get(${text(authzPath)}, { headers: ${text(authzHeaders)} });
    await proxy.settled();

    expect(response).toHaveStatus(200);
    expect(upstream.requests).toHaveLength(1);
    expect(proxy.accessLog).toMatchObject([{ status: 200 }]);
  });
}
`;
}
