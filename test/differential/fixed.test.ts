import { readFile } from "node:fs/promises";
import { expect } from "vitest";
import { requiresEnvoy } from "../harness/requires-envoy.ts";
import { test } from "../project.ts";
import { callbackNames, hostCallNames } from "./host-calls.ts";
import { embedded, play, realEnvoy } from "./play.ts";
import { scenarios } from "./scenarios.ts";

/** Without `CI=true` every eighth: each takes as long as a listener of Envoy. */
const played = process.env["CI"] === "true" ? scenarios : scenarios.filter((_, i) => i % 8 === 0);

test.for(played)("%s", async ([, scenario], { skip, envoys }) => {
  await requiresEnvoy(skip);

  expect(await play(embedded, scenario)).toEqual(await play(realEnvoy(envoys), scenario));
});

test("there are 300 and more, and no two of a title", () => {
  expect(scenarios.length).toBeGreaterThan(300);
  expect(new Set(scenarios.map(([title]) => title)).size).toBe(scenarios.length);
});

/** Not in the embedded backend, which has no names to look up. */
const notThere = ["envoy_resolve_dns"];

test("each host call is made in one of them", () => {
  const parts = scenarios.flatMap(([, { program }]) => Object.values(program).flat());
  const made = new Set(parts.flatMap(({ steps }) => steps.map(({ call }) => call)));

  expect(hostCallNames.filter((name) => !made.has(name))).toEqual(notThere);
});

/** Nothing in Envoy makes the first; the second is not in the embedded backend. */
const notMade = ["proxy_on_foreign_function", "envoy_on_resolve_dns"];

test("each callback is made in one of them", () => {
  const acting = new Set(scenarios.flatMap(([, { program }]) => Object.keys(program)));

  expect(callbackNames.filter((name) => !acting.has(name))).toEqual(notMade);
});

test("the page of what is otherwise has at most 15 rows", async () => {
  const page = await readFile(new URL("../../docs/embedded.md", import.meta.url), "utf8");
  const rows = page.split("\n").filter((line) => /^\| (?!-|what )/.test(line));

  expect(rows.length).toBeGreaterThan(0);
  expect(rows.length).toBeLessThanOrEqual(15);
});
