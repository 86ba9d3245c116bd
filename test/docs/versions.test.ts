import { glob, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { knownVersions } from "../../harness/src/envoy/wheels.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const page = await readFile(`${root}docs/versions.md`, "utf8");

/** The cells of the rows whose first cell matches. */
function rows(first: RegExp): string[][] {
  const cells = page.split("\n").map((line) => line.split("|").map((cell) => cell.trim()));
  return cells.map(([, ...rest]) => rest).filter(([cell = ""]) => first.test(cell));
}

test("the page names the versions that can be fetched", () => {
  expect(rows(/^`1\.\d+`$/).map(([, version]) => version)).toEqual([...knownVersions]);
});

test("every test that needs a newer Envoy is in the table, with the version", async () => {
  const needing: string[] = [];
  for await (const file of glob("test/{abi,filters}/**/*.test.ts", { cwd: root }))
    needing.push(...(await needs(`${root}${file}`)));

  expect(needing.sort()).toEqual(
    rows(/^1\.\d+$/)
      .map(([since, , , title]) => `${since} ${title}`)
      .sort(),
  );
});

/** `1.39 title`, for tests as `name("title"` after `const name = …envoy>=1.39…`, and as `nameSince("1.39")("title"`. */
async function needs(file: string): Promise<string[]> {
  const text = await readFile(file, "utf8");
  const since = [...text.matchAll(/^\w+Since\("([\d.]+)"\)\(\s*"([^"]+)"/gm)].map(
    ([, at, title]) => `${at} ${title}`,
  );
  const declared = [...text.matchAll(/^const (\w+) = .*envoy>=([\d.]+)"/gm)];
  const named = declared.flatMap(([, name, at]) =>
    [...text.matchAll(new RegExp(`^${name}\\(\\s*"([^"]+)"`, "gm"))].map(([, title]) => `${at} ${title}`),
  );
  return [...since, ...named];
}
