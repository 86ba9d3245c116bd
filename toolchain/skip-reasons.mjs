// A vitest reporter: puts the reason of each skipped test into its meta, where the JSON reporter finds it.
export default class SkipReasons {
  onTestCaseResult(test) {
    const { state, note } = test.result();
    if (state === "skipped") test.meta().skipped = note ?? "no reason given";
  }
}
