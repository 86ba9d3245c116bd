import { fileURLToPath } from "node:url";
import type { BranchNotes, Patch } from "./instrumented.ts";
import { Subject } from "./subject.ts";

/** The filters under test, each built when it is first asked for. */
export class Lab {
  /** The number of the planted bug that bites, from 1; 0 for none. */
  bug = 0;
  private readonly bugs: readonly Patch[];
  private readonly subjects = new Map<string, Promise<Subject>>();

  /** Of a copy of the SDK in which these bugs are planted. */
  constructor(bugs: readonly Patch[] = []) {
    this.bugs = bugs;
  }

  /** The filter in a folder of the workspace. */
  async subject(folder: string): Promise<Subject> {
    const path = fileURLToPath(new URL(`../../${folder}`, import.meta.url));
    const known = this.subjects.get(folder) ?? Subject.build(path, this.bugs, () => this.bug);
    this.subjects.set(folder, known);
    return known;
  }

  /** What the branches of all of them did. */
  async notes(): Promise<BranchNotes[]> {
    const subjects = await Promise.all(this.subjects.values());
    return subjects.map(({ notes }) => notes);
  }
}
