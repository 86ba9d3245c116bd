import { exhaust } from "proxy-wasm-harness";
import { expect } from "proxy-wasm-harness/vitest";
import { test } from "vitest";
import { exhausted, type Known } from "../filters/exhausted.ts";
import { isCi } from "./requires-ci.ts";

/** Every status of the ABI at every call alone is for CI. */
const isFull = isCi;
const tried = isFull
  ? ({ statuses: "all", traps: true, maxRuns: 50_000 } as const)
  : ({ occurrences: 0, allocations: false } as const);

test.for(exhausted)(
  "$title: no failure of a host call makes it trap or hang, or lets pass what must not",
  { timeout: 600_000 },
  async ({ options, scenario, unauthorised = () => false, known }) => {
    const report = await exhaust(options, scenario, { ...tried, unauthorised });

    expect(report.unmet).toEqual([]);
    const isKnown = ({ kind, call }: Pick<Known, "kind" | "call">): boolean =>
      known.some((one) => one.kind === kind && one.call === call);
    const others = report.findings.filter((finding) => !isKnown(finding));
    expect(others.map(({ fault, what, replay }) => `${fault}: ${what}\n  ${replay}`)).toEqual([]);
    for (const { kind, call } of known.filter(({ isAlone = false }) => isFull || !isAlone))
      expect(report.findings).toContainEqual(expect.objectContaining({ kind, call }));
  },
);
