// A vitest reporter: the closing line `N passed, N failed`, with what was skipped and why before it.
export default class Tally {
  onTestRunEnd(modules, unhandledErrors) {
    console.log(tally(modules, unhandledErrors));
  }
}

/** The closing lines of a run. Files that could not be run, and errors outside any test, count as failed. */
export function tally(modules, unhandledErrors) {
  const tests = modules.flatMap((module) => [...module.children.allTests()]);
  const inState = (state) => tests.filter((test) => test.result().state === state);
  const outside = modules.reduce((sum, module) => sum + module.errors().length, unhandledErrors.length);
  const skipped = inState("skipped");
  const reasons = new Map();
  for (const test of skipped) {
    const reason = `${test.project.name}: ${test.result().note ?? "no reason given"}`;
    reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  }
  const lines = [...reasons].map(([reason, count]) => `skipped ${count} in ${reason}`);
  for (const module of modules)
    for (const error of module.errors()) lines.push(`${module.moduleId}: ${error.message}`);
  for (const error of unhandledErrors) lines.push(error.stack ?? error.message);
  lines.push(
    "",
    `${inState("passed").length} passed, ${inState("failed").length + outside} failed` +
      (skipped.length > 0 ? `, ${skipped.length} skipped` : ""),
  );
  return lines.join("\n");
}
