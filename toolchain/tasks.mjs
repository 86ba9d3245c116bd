// What the npm scripts do, once the dependencies are there and the pinned Node runs.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { generateEnvoyApi } from "./envoy-api/generate.mjs";
import { missingContainers, withContainers } from "./containers.mjs";
import { optionPages } from "./options-table.mjs";
import { column, failedIn, interim, lostColumn, matrix, plan } from "./matrix.mjs";

const root = new URL("../", import.meta.url).pathname;
const bin = path.join(root, "node_modules/.bin");
// Whatever these tasks start by the name `node` is the Node that runs now.
const PATH = [path.dirname(process.execPath), bin, process.env.PATH].join(path.delimiter);
const withoutEnvoy = "embedded only";

const tasks = {
  build() {
    compileHarness();
    step("building the filters", "proxy-wasm", ["build"]);
  },

  start() {
    tasks.build();
    const backends = fetchEnvoy() ? ["embedded", "envoy"] : ["embedded"];
    step(`running the filters' scenarios (${backends.join(", ")})`, "vitest", [
      "run",
      "/scenarios.test.ts",
      ...backends.map((name) => `--project=${name}`),
      "--reporter=./toolchain/scenario-table.mjs",
    ]);
    console.log(next(backends));
  },

  async test(given) {
    tasks.build();
    if (!fetchEnvoy() && process.env.CI === "true")
      throw new Failure("with CI=true the tests need a real Envoy, see above");
    step("type-checking the tests", "tsc", ["-p", "tsconfig.json"]);
    const { args, line } = withContainers(given, await missingContainers());
    if (line !== null) console.log(`\n${line}`);
    step("running the tests", "vitest", [
      "run",
      "--reporter=default",
      "--reporter=./toolchain/tally.mjs",
      ...args,
    ]);
  },

  async "test:matrix"(args) {
    tasks.build();
    const { knownVersions } = await import("../harness/dist/envoy/wheels.js");
    const { versions, files, unknown } = plan(args, knownVersions);
    if (unknown.length > 0)
      throw new Failure(`Envoy ${unknown.join(", ")} is not known: there are ${knownVersions.join(", ")}`);
    const columns = [];
    for (const version of versions) {
      columns.push(testVersion(version, files));
      console.log(interim(columns.at(-1)));
    }
    console.log(`\n${matrix(columns)}`);
    if (failedIn(columns) > 0) throw new Failure("a supported version failed, see above");
  },

  bench(args) {
    compileHarness();
    fetchEnvoy();
    step("measuring", process.execPath, ["bench/run.ts", ...args]);
  },

  lint() {
    tasks.build();
    step("prettier", "prettier", ["--check", "."]);
    step("tsc", "tsc", ["-p", "tsconfig.json"]);
    step("eslint", "eslint", ["harness/src", "test", "toolchain", "bench"]);
  },

  image() {
    step("compiling the harness", "tsc", ["-p", "harness/tsconfig.json"]);
    step("building an image of Envoy for the tests in containers", "proxy-wasm", ["build-image"]);
  },

  fuzz(args) {
    tasks.build();
    step("hostile inputs against the filters (inputs and seed may follow)", process.execPath, [
      "test/fuzz/run.ts",
      ...args,
    ]);
  },

  docs() {
    tasks.build();
    console.log("\n== options of the filters, into their READMEs");
    for (const { file, current } of optionPages(path.join(root, "filters"))) writeFileSync(file, current);
    for (const name of ["sdk", "harness"]) {
      step(`API reference of ${name}/`, "typedoc", ["--options", `${name}/typedoc.json`]);
    }
  },

  format() {
    step("prettier", "prettier", ["--write", "."]);
  },
};

class Failure extends Error {}

function compileHarness() {
  generateEnvoyApi();
  step("compiling the harness", "tsc", ["-p", "harness/tsconfig.json"]);
  step("bundling the command line", process.execPath, ["toolchain/bundle.mjs"]);
}

/** Runs one of the installed programs to its end, with its output in sight. */
function step(title, program, args) {
  console.log(`\n== ${title}`);
  if (run(program, args) !== 0) throw new Failure(`${title}: failed, see above`);
}

function run(program, args, environment = {}) {
  const { status, error } = spawnSync(path.resolve(bin, program), args, {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, PATH, ...environment },
  });
  if (error !== undefined) throw new Failure(`${program}: ${error.message}`);
  return status;
}

/** Whether a real Envoy can be had; what stands in the way is printed by the command itself. */
function fetchEnvoy() {
  console.log("\n== looking for a real Envoy");
  if (run("proxy-wasm", ["fetch-envoy"]) === 0) {
    run("proxy-wasm", ["fetch-http3"]); // without it only the tests of HTTP/3 are left out
    return true;
  }
  console.log(`${withoutEnvoy}: the scenarios in a real Envoy are left out, for the reason above`);
  return false;
}

/** Runs spec files on one version of Envoy, which is fetched for it. */
function testVersion(version, files) {
  console.log(`\n== Envoy ${version}: ${files.join(", ")}`);
  const environment = { ENVOY_PATH: "", ENVOY_VERSION: version };
  if (run("proxy-wasm", ["fetch-envoy"], environment) !== 0)
    return lostColumn(version, "it cannot be had, see above");
  const folder = mkdtempSync(path.join(tmpdir(), "matrix-"));
  try {
    const report = path.join(folder, "report.json");
    const reporters = [
      "--reporter=./toolchain/skip-reasons.mjs",
      "--reporter=json",
      `--outputFile=${report}`,
    ];
    const status = run("vitest", ["run", ...files, "--project=envoy", ...reporters], environment);
    if (!existsSync(report)) return lostColumn(version, `vitest ended with ${status}, see above`);
    return column(version, JSON.parse(readFileSync(report, "utf8")), status);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function next(backends) {
  const lines = [
    "Next:",
    "  filters/                    the filters: index.ts decides, config.ts reads what it is told",
    "  test/filters/               their tests: change a scenario and run `npm start` again",
    "  npm test                    everything that is proven here",
    "  envoy-configs/              complete files that load the filter into your Envoy",
  ];
  if (!backends.includes("envoy"))
    lines.push("  npx proxy-wasm fetch-envoy  what the real Envoy still needs");
  return `\n${lines.join("\n")}`;
}

const [name = "", ...args] = process.argv.slice(2);
try {
  const task = tasks[name];
  if (task === undefined)
    throw new Failure(`unknown task "${name}": there are ${Object.keys(tasks).join(", ")}`);
  await task(args);
} catch (error) {
  if (!(error instanceof Failure)) throw error;
  console.error(`\n${error.message}`);
  process.exitCode = 1;
}
