import { describe, expect, test } from "vitest";
import { callsOf } from "../sample-filter.ts";

describe("metrics", () => {
  test("a counter is defined when the plugin is configured, and 0 is not sent", async () => {
    const body = "counter.increment(); counter.increment(0); counter.increment(5); return Action.Continue;";
    expect(await callsOf(body, 'const counter = new Counter("a.b");')).toEqual([
      "define 0 a.b",
      "increment 4 1",
      "increment 4 5",
    ]);
  });
});
