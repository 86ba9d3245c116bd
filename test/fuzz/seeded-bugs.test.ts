import { describe, expect, test } from "vitest";
import { isCi } from "../harness/requires-ci.ts";
import { runPart } from "./campaign.ts";
import { Lab } from "./lab.ts";
import { parts } from "./parts.ts";
import { seededBugs } from "./seeded-bugs.ts";

const lab = new Lab(seededBugs);

/** Without `CI=true` the first of each part of the campaign. */
const planted = isCi
  ? seededBugs
  : seededBugs.filter((bug, i) => seededBugs.findIndex(({ part }) => part === bug.part) === i);

describe("a bug that is planted in the SDK is found", () => {
  test.for(planted)("$what ($file)", async (bug) => {
    const part = parts.find(({ name }) => name === bug.part);
    lab.bug = seededBugs.indexOf(bug) + 1;

    const run = part && (await runPart(lab, part, 20_000, { seed: 7, endOnFailure: true }));

    expect(run?.failure).toMatch(/Counterexample/);
  });
});
