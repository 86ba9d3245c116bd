import { filterTest } from "proxy-wasm-harness/vitest";
import { expect, test } from "vitest";

/** Never called: what counts is what tsc says, and tsc fails where an expected error is none. */
export function configurations(): void {
  filterTest("header-authz", { rules: [{ allow: { header: "x-role", exact: "admin" } }], repeated: "first" });
  filterTest("header-authz", '{ "rulez": "text is taken as it is" }');
  filterTest("../../build/guests/empty.wasm", { anything: "goes" });
  // @ts-expect-error -- a mistyped key
  filterTest("header-authz", { rules: [{ allow: { header: "x-role", exact: "admin" } }], repeatd: "first" });
  // @ts-expect-error -- a mistyped value
  filterTest("header-authz", { rules: [{ allow: { header: "x-role", exact: "admin" } }], repeated: "last" });
  // @ts-expect-error -- a matcher without a comparison
  filterTest("header-authz", { rules: [{ allow: { header: "x-role" } }] });
  // @ts-expect-error -- a mistyped comparison
  filterTest("header-authz", { rules: [{ allow: { header: "x-role", exakt: "admin" } }] });
  // @ts-expect-error -- an unknown option
  filterTest(
    "header-authz",
    { rules: [{ allow: { header: "x-role", present: true } }] },
    { loglevel: "info" },
  );
}

test("the configurations above are judged by tsc", () => {
  expect(configurations).toBeTypeOf("function");
});
