import type { Cutting } from "./cutting.ts";

/** A cutting of which no cut can be left out without `differs` becoming false, and whose ends are alone where they can. */
export async function shrunk(
  cutting: Cutting,
  differs: (cutting: Cutting) => Promise<boolean>,
): Promise<Cutting> {
  let smallest = cutting;
  for (const body of cutting.endsAlone.keys()) {
    const simpler = { ...smallest, endsAlone: smallest.endsAlone.with(body, true) };
    if (smallest.endsAlone[body] === false && (await differs(simpler))) smallest = simpler;
  }
  let size = Math.ceil(cutting.cuts.length / 2);
  while (size >= 1) {
    const fewer = await withoutSome(smallest, size, differs);
    if (fewer === smallest || size > 1) size = Math.floor(size / 2);
    smallest = fewer;
  }
  return smallest;
}

/** Leaves out so many cuts that stand together, as often as it can. */
async function withoutSome(
  cutting: Cutting,
  size: number,
  differs: (cutting: Cutting) => Promise<boolean>,
): Promise<Cutting> {
  let smallest = cutting;
  let from = 0;
  while (from < smallest.cuts.length) {
    const fewer = { ...smallest, cuts: smallest.cuts.toSpliced(from, size) };
    if (await differs(fewer)) smallest = fewer;
    else from += size;
  }
  return smallest;
}
