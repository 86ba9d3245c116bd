import type { EnvoyPool } from "proxy-wasm-harness";
import { filterTest } from "proxy-wasm-harness/vitest";
import { describe, expect } from "vitest";
import { guest } from "../guests/guest.ts";

const tests = [
  filterTest(guest("raw/passes")),
  filterTest(guest("raw/pauses")),
  filterTest(guest("raw/asks-early")),
];
const seen = new Set<EnvoyPool>();

describe("tests of a file", () => {
  for (const [position, test] of tests.entries()) {
    test(`that are made for different filters have one pool: ${position}`, ({ envoys }) => {
      seen.add(envoys);

      expect(seen.size).toBe(1);
    });
  }
});
