import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";

const root = new URL("../../", import.meta.url);
const read = (path: string): Promise<string> => readFile(new URL(path, root), "utf8");

const rows = (await read("docs/faults.md"))
  .split("\n")
  .filter((line) => /^\| \d/.test(line))
  .map((line) => line.split("|").map((cell) => cell.trim()));

test("the page has all rows, in their order", () => {
  expect(rows.map(([, row]) => Number(row))).toEqual(Array.from({ length: 30 }, (_, i) => i + 1));
});

test("each row but the one of Envoy's bootstrap names the files that test it", async () => {
  const without = rows.filter(([, , , , tests = ""]) => !tests.includes("`test/"));
  const named = rows.flatMap(([, , , , tests = ""]) => tests.match(/test\/[\w./-]+\.test\.ts/g) ?? []);

  expect(without.map(([, row]) => row)).toEqual(["7"]);
  await Promise.all(named.map(read)); // which fails for a file that is not there
});

const titled = rows.flatMap(([, row = "", , , tests = ""]) =>
  (tests.match(/test\/(faults|modules)\/[\w.-]+/g) ?? []).map((file) => [row, file] as const),
);

describe("each row is tested where the page says", () => {
  test.for(titled)("row %s in %s", async ([row, file]) => {
    expect(await read(file)).toMatch(new RegExp(`["\`]${row}: `));
  });
});
