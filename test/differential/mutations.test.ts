import { describe, expect, test } from "vitest";
import { isCi } from "../harness/requires-ci.ts";
import { sampled } from "../harness/sampling.ts";
import { hostCallNames, resultOf, type HostCall } from "./abi.ts";
import { kindOf, kinds, type Kind } from "./kinds.ts";
import { embedded, play, playersOf, type Played, type Scenario } from "./play.ts";
import { partsOf } from "./program.ts";
import { scenarios } from "./scenarios.ts";

/** What a plugin does while it starts is done before a fault can be set. */
const atStart = /^proxy_on_(vm_start|configure|context_create of the plugin)$/;

function makes({ program }: Played, name: HostCall): boolean {
  const later = Object.fromEntries(Object.entries(program).filter(([moment]) => !atStart.test(moment)));
  return partsOf(later).some(({ steps }) => steps.some(({ call }) => call === name));
}

/** The first scenario of a kind in which a host call is made. */
function madeIn(name: HostCall, kind: Kind): Scenario | null {
  const made = scenarios.find(
    ([, scenario]) => kindOf(scenario) === kind && playersOf(scenario).some((player) => makes(player, name)),
  );
  return made?.[1] ?? null;
}

const faithful = new Map<Scenario, ReturnType<typeof play>>();

/** What a scenario comes to when nobody has changed anything. */
function faithfully(scenario: Scenario): ReturnType<typeof play> {
  const played = faithful.get(scenario) ?? play(embedded, scenario);
  faithful.set(scenario, played);
  return played;
}

const faulty = hostCallNames.filter((name) => /^(Status|Errno)$/.test(resultOf(name)));
const cases = kinds.flatMap((kind) =>
  faulty.flatMap((name) => {
    const scenario = madeIn(name, kind);
    return scenario === null ? [] : [{ name, kind, scenario }];
  }),
);

/** Without `CI=true` every third, and none of those that begin a proxy in their own way. */
const played = isCi ? cases : sampled(cases.filter(({ kind }) => kind !== "METADATA" && kind !== "service"));

describe("scenarios that are the same to Envoy are others", () => {
  test.for(played)("when $name answers otherwise, of the kind $kind", async ({ name, scenario }) => {
    const status = resultOf(name) === "Status" ? "BrokenConnection" : "Exists";
    const mutated = await play(embedded, scenario, (proxy) => proxy.faults.hostCall(name, { status }));

    expect(mutated).not.toEqual(await faithfully(scenario));
  });

  test("each host call that answers a status, in streams with METADATA and without, of several plugins, in their callbacks, for connections and in services", () => {
    const counts = kinds.map((kind) => cases.filter((mutation) => mutation.kind === kind).length);
    expect(faulty.filter((name) => !cases.some((mutation) => mutation.name === name))).toEqual([]);
    expect(Math.min(...counts)).toBeGreaterThan(60);
  });
});
