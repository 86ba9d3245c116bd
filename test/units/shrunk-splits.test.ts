import { expect, test } from "vitest";
import type { Cutting } from "../../harness/src/splits/cutting.ts";
import { shrunk } from "../../harness/src/splits/shrink.ts";

const at = (...places: number[]): Cutting["cuts"] => places.map((place) => ({ body: 0, at: place }));
const has = ({ cuts }: Cutting, place: number): boolean => cuts.some((cut) => cut.at === place);

test("a cut that can be left out only without another is left out, too", async () => {
  const differs = async (cutting: Cutting): Promise<boolean> =>
    has(cutting, 5) && has(cutting, 7) && (has(cutting, 1) || !has(cutting, 9));

  const smallest = await shrunk({ cuts: at(1, 5, 7, 9), endsAlone: [true] }, differs);

  expect(smallest).toEqual({ cuts: at(5, 7), endsAlone: [true] });
});

test("an end that need not be with a chunk is alone", async () => {
  const differs = async ({ endsAlone }: Cutting): Promise<boolean> => endsAlone[1] === false;

  const smallest = await shrunk({ cuts: at(3), endsAlone: [false, false] }, differs);

  expect(smallest).toEqual({ cuts: [], endsAlone: [true, false] });
});

test("of very many cuts the one that counts is found in few steps", async () => {
  let steps = 0;
  const differs = async (cutting: Cutting): Promise<boolean> => ++steps > 0 && has(cutting, 700);

  const cuts = at(...Array.from({ length: 1_000 }, (_, i) => i));
  expect(await shrunk({ cuts, endsAlone: [true] }, differs)).toEqual({ cuts: at(700), endsAlone: [true] });
  expect(steps).toBeLessThan(40);
});
