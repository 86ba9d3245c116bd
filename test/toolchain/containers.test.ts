import { expect, test } from "vitest";
import { withContainers } from "../../toolchain/containers.mjs";

const left = "--project=!container";

test.for([
  [[], "no engine", {}, [left]],
  [["test/filters"], "no engine", {}, ["test/filters", left]],
  [["--project=container"], "no engine", {}, ["--project=container"]],
  [["--project", "units"], "no engine", {}, ["--project", "units"]],
  [[], null, {}, []],
  [[], "no engine", { CI: "true" }, []],
] as const)("npm test %o, where the reason is %s and the environment %o, runs vitest %o", (row) => {
  const [args, reason, environment, given] = row;

  expect(withContainers(args, reason, environment).args).toEqual(given);
});

test("what is left out is said in one line", () => {
  expect(withContainers([], "no engine answers", {}).line).toBe(
    "the tests in containers are left out: no engine answers",
  );
});
