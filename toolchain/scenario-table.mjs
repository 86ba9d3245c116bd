// A vitest reporter: one line a scenario and backend, as they end, then what failed and the count.
import { tally } from "./tally.mjs";

const columns = [
  ["scenario", 66],
  ["backend", 9],
  ["verdict", 8],
  ["time", 9],
  ["host calls", 10],
];

export default class ScenarioTable {
  onInit() {
    console.log(row(columns.map(([title]) => title)));
    console.log(row(columns.map(([, width]) => "─".repeat(width))));
  }

  onTestCaseResult(test) {
    const { state } = test.result();
    const { proxyWasm } = test.meta();
    const time = `${(test.diagnostic()?.duration ?? 0).toFixed(1)} ms`;
    console.log(
      row([
        test.fullName,
        test.project.name,
        state,
        time.padStart(9),
        String(proxyWasm?.hostCalls ?? "–").padStart(10),
      ]),
    );
    for (const error of test.result().errors ?? []) console.log(`\n${error.stack ?? error.message}\n`);
  }

  onTestRunEnd(modules, unhandledErrors) {
    console.log(tally(modules, unhandledErrors));
  }
}

function row(cells) {
  return cells
    .map((cell, i) => fit(cell, columns[i][1]))
    .join("  ")
    .trimEnd();
}

/** A title that is too long loses its beginning: what tells it from its neighbours comes last. */
function fit(text, width) {
  return (text.length > width ? `…${text.slice(1 - width)}` : text).padEnd(width);
}
