import { describe, expect, test } from "vitest";
import { loadModule, type Replacement } from "./compile.ts";
import type { RuntimeModule } from "./heap/guest.ts";
import { Program } from "./heap/program.ts";
import { Random } from "./random.ts";
import { isCi } from "../harness/requires-ci.ts";
import { sampled } from "../harness/sampling.ts";

/** A longer run is `HEAP_CALLBACKS=40000 npx vitest run --project units test/sdk/heap.test.ts`. */
const CALLBACKS = Number(process.env["HEAP_CALLBACKS"] ?? 4_000);

async function runProgram(seed: number, callbacks: number, bug?: Replacement): Promise<RuntimeModule> {
  const { call } = await loadModule<RuntimeModule>("runtime", bug);
  const program = new Program(call, new Random(seed));
  program.churn(3_000);
  program.run(callbacks);
  program.end();
  return call;
}

describe("a random program", () => {
  test.each(isCi ? [1, 2, 3, 4, 5] : [2, 3])(
    "finds the heap as its model says after each callback (seed %i)",
    async (seed) => {
      const guest = await runProgram(seed, CALLBACKS / 4);
      expect(guest.memory.buffer.byteLength).toBeLessThan(64 << 20);
    },
    600_000,
  );
});

test("a guest that trapped loses nothing when it is called all the same", async () => {
  const { call } = await loadModule<RuntimeModule>("runtime");
  const program = new Program(call, new Random(6));
  program.run(200);
  program.cutOff();

  expect(() => program.run(300)).not.toThrow();
});

describe("the model tells when", () => {
  const WINDOW = "runtime/window.ts";
  const COLLECTION = "runtime/collection.ts";

  const bugs: ReadonlyArray<[what: string, file: string, text: string, by: string, seed?: number]> = [
    [
      "an escape is missed",
      "runtime/objects.ts",
      "if (isYoung(child) && !isYoung(parent)) keepRegion();",
      "",
    ],
    ["globals are not looked at", COLLECTION, "if (!isRegionKept()) __visit_globals(KEEP_YOUNG);", ""],
    ["a pinned object is not found", COLLECTION, "if (pinned != 0) findPinned();", ""],
    ["a pinned object is freed with its region", COLLECTION, "pinned++;\n  keepRegion();", "pinned++;"],
    [
      "a static object is scanned once only",
      COLLECTION,
      "if (load<u32>(block) == serial)",
      "if (load<u32>(block) != 0)",
    ],
    ["a mark stays", COLLECTION, "unmark(block);", ""],
    [
      "an object grows over the next",
      "runtime/objects.ts",
      "sizeOf(object - HEADER) - HEADER",
      "sizeOf(object - HEADER)",
    ],
    ["a block is too short", "runtime/blocks.ts", "(HEADER + payload + 15)", "(HEADER + payload + 12)"],
    ["a chunk is taken twice", "runtime/chunks.ts", "setNextInList(before, nextInList(largest))", "{}"],
    [
      "a window grows beyond the memory",
      WINDOW,
      "windowEnd == before ? windowEnd - next : 0",
      "windowEnd - next",
      5,
    ],
    [
      "a nested callback frees the region",
      "assembly/callbacks.ts",
      "if (--depth == 0) freeRegion();",
      "depth--;\n  freeRegion();",
    ],
    [
      "what has no room to outlive its callback is freed with it",
      "runtime/objects.ts",
      "keepRegion();\n  return makeObject(size, classId);",
      "return makeObject(size, classId);",
    ],
    ["what outlives its callback by itself is not counted", WINDOW, "keptBytes += size;", ""],
    [
      "a nested callback settles what the outer one makes",
      "assembly/callbacks.ts",
      "if (depth == 1) settleRegion();",
      "settleRegion();",
    ],
    [
      "what is settled keeps what follows",
      COLLECTION,
      "tenureRegion();\n  beginRegion();",
      "tenureRegion();",
    ],
    [
      "collecting does not free",
      COLLECTION,
      "!isMarked(block)) block",
      "!isMarked(block) && block == start) block",
    ],
  ];

  test.each(sampled(bugs))(
    "%s",
    async (_, file, text, by, seed = 1) => {
      await expect(runProgram(seed, 2_000, { file, text, by })).rejects.not.toThrow(/^ERROR/);
    },
    60_000,
  );
});
