import { readFile } from "node:fs/promises";
import { createCoverage, startProxy, type StartedProxy } from "proxy-wasm-harness";
import { expect } from "proxy-wasm-harness/vitest";
import { describe, test } from "vitest";
import { guest } from "../guests/guest.ts";
import { lineOf, sourceOf } from "../guests/line-of.ts";
import { requiresEnvoy } from "./requires-envoy.ts";

const source = sourceOf("aborts");

function start(backend: "embedded" | "envoy", way: string, allowTraps = false): Promise<StartedProxy> {
  return startProxy({ backend, chain: [{ filter: guest("aborts"), configuration: { way } }], allowTraps });
}

async function messageOf(refused: Promise<unknown>): Promise<string> {
  const error = await refused.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  return error instanceof Error ? error.message : "nothing was refused";
}

test("the message that docs/debugging.md explains is one", async () => {
  await using proxy = await start("embedded", "index");

  const shown = await readFile(new URL("./messages/index-out-of-range.txt", import.meta.url), "utf8");

  expect(await messageOf(proxy.get("/"))).toBe(shown.trimEnd());
});

test("a trap has its line while lines are counted", async () => {
  const chain = [{ filter: guest("aborts"), configuration: { way: "throw" } }];
  await using proxy = await startProxy({ chain, coverage: createCoverage() });

  const message = await messageOf(proxy.get("/"));

  expect(message).toContain(`at ${source}:${await lineOf("aborts", "thrown by hand")}:`);
});

describe.for(["embedded", "envoy"] as const)("in the %s backend", (backend) => {
  test.for([
    ["assert", "there are fields", 'assert(fields == 0, "there are fields")'],
    ["throw", "thrown by hand", 'throw new Error("thrown by hand")'],
    ["index", "Index out of range", "return pick("], // into which the compiler puts all of it
    ["inlined", "an odd number", 'assert(number % 2 == 0, "an odd number")'],
  ] as const)(
    "an abort by way of %s has its words, its line and frames",
    async ([way, words, text], { skip }) => {
      if (backend === "envoy") await requiresEnvoy(skip);
      await using proxy = await start(backend, way);

      const message = await messageOf(proxy.get("/"));

      const line = await lineOf("aborts", text);
      const [first = "", ...frames] = message.split("\n");
      expect(first).toContain(`plugin "aborts" trapped in proxy_on_request_headers at ${source}:${line}:`);
      expect(first).toMatch(new RegExp(`: unreachable \\(${words} at \\S+:\\d+:\\d+\\)$`));
      expect(frames.at(0)).toMatch(/^ {4}abort \(\S+:\d+:\d+\)$/);
      expect(frames.at(-1)).toMatch(new RegExp(`^ {4}proxy_on_request_headers \\(.*${source}:${line}:\\d+`));
    },
  );

  test("a response that comes of a trap fails a matcher with the trap and its line", async ({ skip }) => {
    if (backend === "envoy") await requiresEnvoy(skip);
    await using proxy = await start(backend, "throw", true);

    const response = await proxy.get("/");

    const line = await lineOf("aborts", "thrown by hand");
    expect(() => expect(response).toHaveStatus(200)).toThrow(
      new RegExp(
        `^expected status 200, but it was 50[03]\\n(.*\\n)*plugin "aborts" trapped in proxy_on_request_headers at ${source}:${line}:\\d+.*: ` +
          "unreachable \\(thrown by hand at .*\\)\\n {4}\\S",
      ),
    );
  });
});
