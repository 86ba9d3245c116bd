// A vitest reporter: a table of each spec file as soon as every backend is through with it, with a row a `describe` and a
// column a backend; what failed follows in full, and in the end the count. A terminal shows how far it is, too.
import path from "node:path";
import { styleText } from "node:util";
import { tally } from "./tally.mjs";

/** Of the columns, so that the tables stand below each other: a name, then backends. */
const leastWidths = [36, 17];

export default class ScenarioTable {
  #runs = new Map();
  #ended = new Map();
  #count = 0;

  onTestRunStart(specifications) {
    this.#runs = Map.groupBy(specifications, ({ moduleId }) => moduleId);
  }

  onTestCaseResult() {
    this.#count++;
    if (process.stdout.isTTY) process.stdout.write(`\rscenarios that are through: ${this.#count}`);
  }

  onTestModuleEnd(module) {
    const { moduleId } = module;
    const modules = [...(this.#ended.get(moduleId) ?? []), module];
    this.#ended.set(moduleId, modules);
    if (modules.length < this.#runs.get(moduleId).length) return;
    if (process.stdout.isTTY) process.stdout.write("\r\u001b[K"); // clears the line of the count
    console.log(`${scenarioTable(modules)}\n`);
    for (const test of modules.flatMap(failed)) console.log(`${details(test)}\n`);
  }

  onTestRunEnd(modules, unhandledErrors) {
    console.log(tally(modules, unhandledErrors));
  }
}

/** The table of one spec file that ran in several projects. */
function scenarioTable(modules) {
  const columns = modules.map(columnOf).sort((left, right) => (left.backend < right.backend ? -1 : 1));
  const groups = new Set(columns.flatMap(({ groups }) => [...groups.keys()]));
  const rows = [
    [filterOf(modules[0]), ...columns.map(({ backend }) => backend)],
    ...[...groups].map((group) => [`  ${group}`, ...columns.map(({ groups }) => verdict(groups.get(group)))]),
    ["  all", ...columns.map(({ tests, seconds }) => `${verdict(tests)} in ${seconds.toFixed(1)} s`)],
  ];
  const widths = rows[0].map((_, i) =>
    Math.max(leastWidths[i] ?? leastWidths[1], ...rows.map((row) => row[i].length)),
  );
  const [head, ...rest] = rows.map((row) => aligned(row, widths));
  return [paint("bold", head), ...rest].join("\n");
}

/** The folder that a spec file is in is named after the filter. */
function filterOf({ moduleId }) {
  return path.basename(path.dirname(moduleId));
}

/** What came of a spec file in one project. */
function columnOf(module) {
  const tests = [...module.children.allTests()];
  const seconds = tests.reduce((sum, test) => sum + (test.diagnostic()?.duration ?? 0), 0) / 1000;
  return { backend: module.project.name, tests, seconds, groups: Map.groupBy(tests, groupOf) };
}

/** The outermost `describe` around a test. */
function groupOf({ parent }) {
  if (parent.type === "module") return "and besides";
  return parent.parent.type === "module" ? parent.name : groupOf(parent);
}

/** `9 held`, `8 held, 1 failed`, `7 held, 2 skipped` */
function verdict(tests = []) {
  const count = (state) => tests.filter((test) => test.result().state === state).length;
  const others = ["failed", "skipped"].filter((state) => count(state) > 0);
  return [`${count("passed")} held`, ...others.map((state) => `${count(state)} ${state}`)].join(", ");
}

function aligned([name, ...cells], [first, ...widths]) {
  const text = [name.padEnd(first), ...cells.map((cell, i) => cell.padStart(widths[i]))].join("   ");
  return text.includes(" failed") ? paint("red", text) : text;
}

function failed(module) {
  return [...module.children.allTests("failed")];
}

/** What there is to say of a scenario that failed. */
function details(test) {
  const { proxyWasm } = test.meta();
  const calls = proxyWasm === undefined ? "" : `, ${proxyWasm.hostCalls} host calls`;
  const time = (test.diagnostic()?.duration ?? 0).toFixed(1);
  const head = `${filterOf(test.module)} in ${test.project.name}: ${test.fullName}  (${time} ms${calls})`;
  return [paint("red", head), ...test.result().errors.map(errorText)].join("\n");
}

/** With the lines of the project alone, and not those of vitest. */
function errorText({ name, message, diff, stacks = [] }) {
  const lines = stacks.map(({ file, line, column }) => `    at ${path.relative("", file)}:${line}:${column}`);
  return [`${name}: ${message}`, ...(diff === undefined ? [] : [diff]), ...lines].join("\n");
}

/** In colours on a terminal. */
function paint(style, text) {
  return styleText(style, text, { stream: process.stdout });
}
