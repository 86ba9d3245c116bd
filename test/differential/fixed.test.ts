import { readFile } from "node:fs/promises";
import { expect } from "vitest";
import { requiresEnvoy } from "../harness/requires-envoy.ts";
import { test } from "../project.ts";
import { callbackNames, hostCallNames, type Callback, type HostCall } from "./abi.ts";
import { kindOf, kinds } from "./kinds.ts";
import { embedded, play, playersOf, realEnvoy, type Played, type Scenario } from "./play.ts";
import { partsOf } from "./program.ts";
import { scenarios } from "./scenarios.ts";
import { isCi } from "../harness/requires-ci.ts";

/** Without `CI=true` every twentieth: each takes as long as a listener of Envoy. */
const played = isCi ? scenarios : scenarios.filter((_, i) => i % 20 === 0);

test.for(played)("%s", async ([, scenario], { skip, envoys }) => {
  await requiresEnvoy(skip);

  expect(await play(embedded, scenario)).toEqual(await play(realEnvoy(envoys), scenario));
});

test("there are 300 and more, and no two of a title", () => {
  expect(scenarios.length).toBeGreaterThan(300);
  expect(new Set(scenarios.map(([title]) => title)).size).toBe(scenarios.length);
});

test("there are 50 and more of each kind, and 15 of services, each of which takes an Envoy of its own", () => {
  for (const kind of kinds)
    expect(scenarios.filter(([, scenario]) => kindOf(scenario) === kind).length, kind).toBeGreaterThan(
      kind === "service" ? 14 : 50,
    );
});

/** Nothing in Envoy 1.40 calls `ContextBase::onForeignFunction` (host/context.cc), or `Context::validateConfiguration` (wasm/context.cc). */
const neverMade: readonly Callback[] = ["proxy_on_foreign_function", "proxy_validate_configuration"];
/** `Context::onStatsUpdate` (wasm/context.cc) is for sinks of stats, and neither backend of a proxy has them. */
const ofSinks: readonly Callback[] = ["envoy_on_stats_update"];

/** The first scenario in which something is done at a moment, or by a host call. */
function firstWith(name: Callback | HostCall): readonly Scenario[] {
  const isOf = ({ program }: Played): boolean =>
    name in program || partsOf(program).some(({ steps }) => steps.some(({ call }) => call === name));
  const first = scenarios.find(([, scenario]) => playersOf(scenario).some(isOf));
  return first === undefined ? [] : [first[1]];
}

test("what the players say names each host call and each callback of the ABI", async () => {
  const lines: string[] = [];
  for (const scenario of new Set([...hostCallNames, ...callbackNames].flatMap(firstWith)))
    lines.push(...(await play(embedded, scenario)).said);
  const names = new Set(lines.map((line) => /^(?:\d+: )?\s*(\w+)\(/.exec(line)?.[1]));

  expect(hostCallNames.filter((name) => !names.has(name))).toEqual([]);
  expect(callbackNames.filter((name) => !names.has(name)).sort()).toEqual([...ofSinks, ...neverMade].sort());
});

test("the page of what is otherwise has at most 15 rows", async () => {
  const page = await readFile(new URL("../../docs/embedded.md", import.meta.url), "utf8");
  const rows = page.split("\n").filter((line) => /^\| (?!-|what )/.test(line));

  expect(rows.length).toBeGreaterThan(0);
  expect(rows.length).toBeLessThanOrEqual(15);
});
