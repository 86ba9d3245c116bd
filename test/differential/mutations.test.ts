import { describe, expect, test } from "vitest";
import { hostCallNames, spaceOf, type HostCall } from "./host-calls.ts";
import { embedded, play, type Scenario } from "./play.ts";
import { scenarios } from "./scenarios.ts";

/** The first scenarios in which a host call is made. */
function madeIn(name: HostCall): readonly Scenario[] {
  const made = scenarios.filter(([, { program }]) =>
    Object.values(program)
      .flat()
      .some(({ steps }) => steps.some(({ call }) => call === name)),
  );
  return made.slice(0, 3).map(([, scenario]) => scenario);
}

/** Its answer is no status, or it is not in the embedded backend. */
const spared = ["envoy_resolve_dns", "pthread_equal"];

describe("scenarios that are the same to Envoy are others", () => {
  test.for(hostCallNames.filter((name) => !spared.includes(name)))(
    "when %s answers otherwise",
    async (name) => {
      const status = spaceOf(name) === "env" ? "BrokenConnection" : "Exists";

      for (const scenario of madeIn(name)) {
        const mutated = await play(embedded, scenario, (proxy) => proxy.faults.hostCall(name, { status }));
        expect(mutated).not.toEqual(await play(embedded, scenario));
      }
      expect(madeIn(name)).not.toEqual([]);
    },
  );
});
