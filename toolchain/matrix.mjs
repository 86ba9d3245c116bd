// What `npm run test:matrix` makes of vitest's JSON reports: a table of spec files × versions of Envoy.

/**
 * Arguments: `--short` is the filters on the oldest and the newest version, a version or a minor chooses versions,
 * whatever else chooses spec files.
 */
export function plan(args, known) {
  const isShort = args.includes("--short");
  const asked = args.filter((arg) => /^\d+\.\d+(\.\d+)?$/.test(arg));
  const files = args.filter((arg) => arg !== "--short" && !asked.includes(arg));
  const isOf = (one) => (version) => version === one || version.startsWith(`${one}.`);
  const all = isShort ? [known.at(0), known.at(-1)] : known;
  return {
    versions: asked.length === 0 ? all : known.filter((version) => asked.some((one) => isOf(one)(version))),
    unknown: asked.filter((one) => !known.some(isOf(one))),
    files: files.length > 0 ? files : isShort ? ["test/filters"] : ["test/filters", "test/abi"],
  };
}

/** The tests of a version: of each spec file how many passed, failed and were skipped, what failed, and why skipped. */
export function column(version, { testResults }, status) {
  const cells = new Map(testResults.map((file) => [chapterOf(file.name), cellOf(file)]));
  const failures = testResults.flatMap(failuresOf);
  if (status !== 0 && failures.length === 0)
    return lostColumn(version, `vitest ended with ${status}, though no test failed: see above`);
  return { version, cells, failures, reasons: countOf(testResults.flatMap(reasonsOf)) };
}

/** The same for a version whose tests could not be run: one failure. */
export function lostColumn(version, failure) {
  return { version, cells: new Map(), failures: [failure], reasons: new Map() };
}

function cellOf(file) {
  const inState = (state) => file.assertionResults.filter(({ status }) => status === state).length;
  const [passed, failed] = [inState("passed"), inState("failed")];
  const skipped = file.assertionResults.length - passed - failed;
  return { passed, failed: isLost(file) ? failed + 1 : failed, skipped };
}

/** A file that failed as a whole, and not by one of its tests. */
function isLost({ status, assertionResults }) {
  return status === "failed" && assertionResults.every((test) => test.status !== "failed");
}

function failuresOf(file) {
  if (isLost(file)) return [`${file.name}\n${file.message}`];
  const failed = file.assertionResults.filter(({ status }) => status === "failed");
  return failed.map(
    (test) =>
      [chapterOf(file.name), test.fullName.trim()].join(": ") + `\n${test.failureMessages.join("\n")}`,
  );
}

function reasonsOf({ assertionResults }) {
  const skipped = assertionResults.filter(({ status }) => status !== "passed" && status !== "failed");
  return skipped.map(({ meta }) => meta?.skipped ?? "no reason given");
}

function countOf(texts) {
  const counts = new Map();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return counts;
}

/** What is printed in the end; the closing line counts every test of every version. */
export function matrix(columns) {
  const chapters = [...new Set(columns.flatMap(({ cells }) => [...cells.keys()]))].sort();
  const sums = columns.map(sumOf);
  const rows = [
    ["passed/failed/skipped", ...columns.map(({ version }) => version)],
    ...chapters.map((chapter) => [chapter, ...columns.map(({ cells }) => cellText(cells.get(chapter)))]),
    ["all", ...sums.map(cellText)],
  ];
  const all = add(sums);
  return [
    ...columns.flatMap(({ version, failures }) =>
      failures.map((failure) => `failed in ${version}: ${failure}\n`),
    ),
    ...columns.flatMap(({ version, reasons }) =>
      [...reasons].map(([reason, count]) => `skipped ${count} in ${version}: ${reason}`),
    ),
    "",
    ...table(rows),
    "",
    `${all.passed} passed, ${all.failed} failed` + (all.skipped > 0 ? `, ${all.skipped} skipped` : ""),
  ].join("\n");
}

/** What is printed when a version is through. */
export function interim(one) {
  const { passed, failed, skipped } = sumOf(one);
  return `Envoy ${one.version}: ${passed} passed, ${failed} failed, ${skipped} skipped`;
}

/** How many tests of all columns failed; a version that could not be run is one. */
export function failedIn(columns) {
  return add(columns.map(sumOf)).failed;
}

function sumOf({ cells, failures }) {
  return cells.size === 0 ? { passed: 0, failed: failures.length, skipped: 0 } : add([...cells.values()]);
}

function add(counts) {
  const sum = (state) => counts.reduce((total, count) => total + count[state], 0);
  return { passed: sum("passed"), failed: sum("failed"), skipped: sum("skipped") };
}

/** `filters/header-authz` of `/anywhere/test/filters/header-authz.test.ts`. */
function chapterOf(file) {
  return file.replace(/^.*\/test\//, "").replace(/\.test\.ts$/, "");
}

function cellText(count) {
  return count === undefined ? "–" : `${count.passed}/${count.failed}/${count.skipped}`;
}

function table(rows) {
  const widths = rows[0].map((_, i) => Math.max(...rows.map((row) => row[i].length)));
  return rows.map((row) =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join("  "),
  );
}
