import { execFile } from "node:child_process";
import { mkdtemp, mkdtempDisposable, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import {
  createCoverage,
  startProxy,
  Upstream,
  type Coverage,
  type CoverageOptions,
} from "proxy-wasm-harness";
import { cluster, listener, route, startScenario, wasm } from "proxy-wasm-harness/scenario";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { createCoverage as createForVitest } from "../../harness/src/coverage/coverage.ts";
import { runCoverage, runningCoverage } from "../../harness/src/coverage/running.ts";
import { guest } from "../guests/guest.ts";
import { isCi, requiresCi } from "./requires-ci.ts";
import { requiresEnvoy } from "./requires-envoy.ts";
import { vitest } from "./run-spec.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const project = fileURLToPath(new URL("./coverage-project/", import.meta.url));
const command = path.join(root, "harness/bin/proxy-wasm.mjs");
const filter = path.join(project, "build/debug/counted.wasm");
const sources = ["filters/counted/index.ts", "filters/counted/words.ts"];
const environment = { ...process.env, VITEST: undefined, NO_COLOR: "1", FORCE_COLOR: undefined };

/** A request with each of these words is what the counts at the ends of the lines are for; one has none. */
const words = ["sesame", "abc", null, "abcde", "abcdefg"];

/** Lines by their numbers, each with how often it ran. */
type Counts = Readonly<Record<string, number>>;

/** What the comments of a source say of its lines: `…; // 21`, or below a line that ends in a brace. */
async function wantedCounts(source: string): Promise<Counts> {
  const lines = (await readFile(path.join(project, source), "utf8")).split("\n");
  return Object.fromEntries(
    lines.flatMap((line, i) => {
      const [, code = "", count] = /^(.*)\/\/ (\d+)$/.exec(line) ?? [];
      const number = code.trim() === "" ? i : i + 1;
      return count === undefined ? [] : [[number, Number(count)]];
    }),
  );
}

function countsOf(coverage: Coverage, source: string): Counts {
  const file = coverage.files()[path.join(project, source)];
  return Object.fromEntries(
    Object.entries(file?.s ?? {}).map(([id, hits]) => [file?.statementMap[id]?.start.line ?? 0, hits]),
  );
}

async function request(coverage: Coverage, some = words): Promise<void> {
  await using proxy = await startProxy({ chain: [{ filter }], coverage });
  for (const word of some) await proxy.get("/", { headers: word === null ? {} : { "x-word": word } });
}

beforeAll(async () => {
  await promisify(execFile)(process.execPath, [command, "build", "--debug"], { cwd: project });
});

test("each line of a filter counts how often it ran, and no other line is one", async () => {
  const coverage = createCoverage();

  await request(coverage);

  for (const source of sources) expect(countsOf(coverage, source)).toEqual(await wantedCounts(source));
  expect(Object.keys(coverage.files()).sort()).toEqual(sources.map((source) => path.join(project, source)));
  expect(coverage.remarks).toEqual([]);
});

test("functions count their calls, and one that the compiler left out is none", async () => {
  const coverage = createCoverage();

  await request(coverage);

  const functions = Object.values(coverage.files()).flatMap(({ fnMap, f }) =>
    Object.entries(fnMap).map(([id, { name, line }]) => [name, line, f[id]]),
  );
  expect(functions).toEqual([
    ["isLong", 6, 4],
    ["new Counted", 9, 5],
    ["Counted#onRequestHeaders", 12, 5],
    ["Counted#refuse", 26, 2],
  ]);
});

test("two proxies add up, and what is read while they run is what they have counted by then", async () => {
  const coverage = createCoverage();
  await using first = await startProxy({ chain: [{ filter }], coverage });
  await using second = await startProxy({ chain: [{ filter }], coverage });
  const entered = (): number | undefined => countsOf(coverage, sources[0] ?? "")[13];

  await first.get("/");
  expect(entered()).toBe(1);
  await second.get("/");
  await first[Symbol.asyncDispose]();
  expect(entered()).toBe(2);
  coverage.reset();
  await second.get("/");
  expect(entered()).toBe(1);
});

test("LCOV has the same lines and functions", async () => {
  const coverage = createCoverage();

  await request(coverage);

  const reports = lcovFiles(await coverage.lcov(project));
  for (const source of sources) expect(reports.get(source)?.lines).toEqual(await wantedCounts(source));
  expect(reports.get("filters/counted/words.ts")?.text).toContain("FN:6,isLong\n");
  expect(reports.get("filters/counted/words.ts")?.text).toContain("FNDA:4,isLong\n");
});

test("lines of libraries are counted where they are asked for", async () => {
  const coverage = createCoverage({ libraries: true });

  await request(coverage);

  const files = Object.keys(coverage.files());
  expect(files).toContain(path.join(root, "sdk/assembly/http-fields.ts"));
  for (const source of sources) expect(countsOf(coverage, source)).toEqual(await wantedCounts(source));
});

test("a module without a source map is named as one that is not counted", async () => {
  const coverage = createCoverage();
  await using proxy = await startProxy({ chain: [{ filter: guest("raw/passes") }], coverage });

  expect((await proxy.get("/")).status).toBe(200);
  expect(coverage.files()).toEqual({});
  expect(coverage.remarks).toEqual([
    expect.stringMatching(/passes\.wasm is not counted: no source map is beside it/),
  ]);
});

test.for([true, {}, "lcov"])("%o is no coverage", async (coverage) => {
  const chain = [{ filter: guest("raw/passes") }];

  await expect(startProxy({ chain, coverage: coverage as unknown as Coverage })).rejects.toMatchObject({
    code: "invalid_input",
    message: expect.stringMatching(
      /^coverage: .* is no coverage: give what createCoverage\(\) returns$/,
    ) as unknown,
  });
});

test("an option that there is not is refused with the nearest one", () => {
  const mistyped = { library: true } as CoverageOptions;

  expect(() => createCoverage(mistyped)).toThrow(
    'createCoverage: unknown option "library": there are libraries, builds',
  );
});

test("a build that is not there is refused with the command that makes it", async () => {
  const coverage = createCoverage({ builds: path.join(root, "build/nowhere") });

  await expect(startProxy({ chain: [{ filter: "metrics" }], coverage })).rejects.toMatchObject({
    code: "not_found",
    message: expect.stringMatching(
      /nowhere\/metrics\.wasm: no such module: build it first \(npx proxy-wasm build --debug --out .*\/nowhere\)/,
    ) as unknown,
  });
});

test("a coverage that a real Envoy is given says, with one warning, that it counts nothing", async ({
  skip,
}) => {
  await requiresEnvoy(skip);
  const warned = vi.spyOn(process, "emitWarning").mockImplementation(() => undefined);
  const coverage = createCoverage();
  try {
    await using proxy = await startProxy({ backend: "envoy", chain: [{ filter }], coverage });

    await using second = await startProxy({ backend: "envoy", chain: [{ filter }], coverage });

    for (const each of [proxy, second]) expect((await each.get("/")).status).toBe(200);
    const remark = expect.stringContaining("ran in a real Envoy (backend envoy) are not counted");
    expect(warned).toHaveBeenCalledExactlyOnceWith(remark);
    expect(coverage.remarks).toEqual([remark]);
    expect(coverage.files()).toEqual({});
  } finally {
    warned.mockRestore();
  }
});

test("a scenario says of the coverage that runs that a real Envoy counts nothing", async ({ skip }) => {
  await requiresEnvoy(skip);
  const coverage = createForVitest(); // of the copy of the harness that is vitest's
  const before = runningCoverage();
  runCoverage(coverage);
  try {
    const httpFilters = [wasm(guest("raw/passes"))];
    await using mesh = await startScenario({
      listeners: [listener("in", { httpFilters, routes: [route("/", "service")] })],
      clusters: [cluster("service", new Upstream())],
    });

    expect((await mesh.get("in", "/")).status).toBe(200);
    expect(coverage.remarks).toEqual([
      expect.stringContaining("ran in a real Envoy (backend envoy) are not counted"),
    ]);
  } finally {
    runCoverage(before);
  }
});

/** How often each line of a reference filter ran, as a build of it says, in some requests. */
async function linesOf(file: string, configuration: object): Promise<ReadonlyMap<string, number>> {
  const coverage = createCoverage();
  {
    await using proxy = await startProxy({ chain: [{ filter: file, configuration }], coverage });
    for (const role of ["admin", "user", ""]) await proxy.get("/", { headers: { "x-role": role } });
  }
  const files = Object.entries(coverage.files());
  return new Map(
    files.flatMap(([name, { s, statementMap }]) =>
      Object.entries(s).map(([id, hits]) => [`${name}:${statementMap[id]?.start.line}`, hits] as const),
    ),
  );
}

test.for([
  ["header-authz", { rules: [{ allow: { header: "x-role", exact: "admin" } }] }],
  ["metrics", {}],
] as const)(
  "the build of %s that is shipped agrees with the one that the compiler did not optimise",
  async ([name, configuration], { skip }) => {
    requiresCi(skip);
    await using folder = await mkdtempDisposable(path.join(tmpdir(), "coverage-"));
    const args = ["build", "--debug", `filters/${name}`, "--out", folder.path];
    await promisify(execFile)(process.execPath, [command, ...args], { cwd: root });

    const shipped = await linesOf(path.join(root, `build/${name}.wasm`), configuration);
    const exact = await linesOf(path.join(folder.path, `${name}.wasm`), configuration);

    const both = [...exact].filter(([line]) => shipped.has(line));
    const agreed = both.filter(([line, hits]) => shipped.get(line) === hits);
    expect(both.filter(([line, hits]) => hits === 0 && shipped.get(line) !== 0)).toEqual([]);
    expect(both.length).toBeGreaterThan(0.8 * exact.size);
    expect(agreed.length).toBeGreaterThan(0.99 * both.length);
  },
);

/** What LCOV says of files, by their paths. */
function lcovFiles(text: string): ReadonlyMap<string, { readonly lines: Counts; readonly text: string }> {
  const records = text.split("end_of_record\n").filter((record) => record !== "");
  return new Map(
    records.map((record) => {
      const lines = [...record.matchAll(/^DA:(\d+),(\d+)$/gm)].map(([, line = "", hits]) => [
        line,
        Number(hits),
      ]);
      return [/^SF:(.*)$/m.exec(record)?.[1] ?? "", { lines: Object.fromEntries(lines), text: record }];
    }),
  );
}

interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the project's specs as a user does. */
async function run(folder: string, ...options: string[]): Promise<Run> {
  const args = ["run", "--coverage", `--coverage.reportsDirectory=${folder}`, ...options];
  const ran = promisify(execFile)(process.execPath, [vitest, ...args], { cwd: project, env: environment });
  return { code: 0, ...(await ran.catch((failure: Run) => failure)) };
}

async function expectCounts(folder: string): Promise<void> {
  const reports = lcovFiles(await readFile(path.join(folder, "lcov.info"), "utf8"));
  expect([...reports.keys()].sort()).toEqual([...sources, "src/sum.ts"]);
  for (const source of sources) expect(reports.get(source)?.lines).toEqual(await wantedCounts(source));
  expect(reports.get("src/sum.ts")?.text).toContain("LF:2\nLH:2\n");
}

describe("vitest --coverage", () => {
  let reported: Run & { readonly folder: string };

  /** Once for all that is asked of it: vitest takes longer to start than all of the specs. A real Envoy is for CI. */
  beforeAll(async () => {
    const folder = await mkdtemp(path.join(tmpdir(), "coverage-"));
    const reporters = ["lcovonly", "text", "html"].map((name) => `--coverage.reporter=${name}`);
    const projects = isCi ? [] : ["--project=embedded"];
    const options = [...projects, ...reporters, "--coverage.thresholds.lines=100"];
    reported = { folder, ...(await run(folder, ...options)) };
  });
  afterAll(() => rm(reported.folder, { recursive: true }));

  test("reports filters beside JavaScript, of all workers together", async () => {
    const { folder, stdout } = reported;

    expect(stdout).toMatch(/Tests +(6 passed|3 passed)/);
    await expectCounts(folder);
    expect(stdout).toMatch(/ +index\.ts +\| +91\.66 \| +100 \| +100 \| +91\.66 \| 30 /);
    expect(await readFile(path.join(folder, "filters/counted/index.ts.html"), "utf8")).toContain("21x");
  });

  test("fails when a threshold is not reached by filters", () => {
    const { code, stderr } = reported;

    expect(code).toBe(1);
    expect(stderr).toContain(
      "Coverage for lines (93.33%) does not meet global threshold (100%)", // 14 of 15, and of JavaScript all
    );
  });

  test("says that a real Envoy counts nothing", async ({ skip }) => {
    requiresCi(skip);
    await requiresEnvoy(skip);

    expect(reported.stderr).toContain(
      "filters that ran in a real Envoy (backend envoy) are not counted: only the embedded backend counts lines",
    );
  });

  test("does so beside istanbul's, in one worker for all files", async ({ skip }) => {
    requiresCi(skip);
    await using folder = await mkdtempDisposable(path.join(tmpdir(), "coverage-"));

    const { code } = await run(
      folder.path,
      ...["--project=embedded", "--no-isolate", "--maxWorkers=1", "--coverage.reporter=lcovonly"],
      "--coverage.customProviderModule=proxy-wasm-harness/vitest/coverage-istanbul",
    );

    expect(code).toBe(0);
    await expectCounts(folder.path);
  });
});
