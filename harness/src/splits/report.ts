import { inspect } from "node:util";
import { counted } from "../counted.ts";
import { BodyChunks } from "../body-chunks.ts";
import type { TriedSplits } from "./choice.ts";
import { comparable } from "./comparable.ts";
import type { Cutting } from "./cutting.ts";

/**
 * A way to cut the bodies that gives another result, by as few cuts as can be: none of them can be left out.
 *
 * @category Write tests
 */
export interface SplitFinding {
  /** What to write for each body in a test of its own, in the order in which the scenario cuts them. */
  readonly replay: readonly string[];
  /** Where the results differ first: `the result.body`. */
  readonly where: string;
  /** What stands there, of the uncut bodies and of those cut so. */
  readonly values: readonly [uncut: unknown, cut: unknown];
  /** The result of the uncut bodies, for comparing: bytes are text. */
  readonly uncut: unknown;
  /** The result of the bodies cut so. */
  readonly cut: unknown;
  /** The chunks of each body. */
  readonly bodies: readonly BodyChunks[];
}

/** What a report is made of. */
interface Recorded {
  readonly tried: readonly TriedSplits[];
  readonly runs: number;
  readonly bodies: readonly Uint8Array[];
  readonly finding: SplitFinding | null;
  /** What the backend does not let choose, or null. */
  readonly limits: string | null;
}

/**
 * What `everySplit` has found. As text, by `String(report)`: both ways to cut, what each gives where
 * they differ first, and what was tried.
 *
 * @category Write tests
 */
export class SplitReport {
  /** None, or the first one, made small. */
  readonly findings: readonly SplitFinding[];
  /** Which ways to cut were tried, up to the finding. */
  readonly tried: readonly TriedSplits[];
  /** How often the scenario ran, uncut, cut, and to make a finding small. */
  readonly runs: number;
  private readonly lengths: readonly number[];
  private readonly limits: string | null;

  constructor({ tried, runs, bodies, finding, limits }: Recorded) {
    this.findings = finding === null ? [] : [finding];
    this.tried = tried;
    this.runs = runs;
    this.lengths = bodies.map(({ length }) => length);
    this.limits = limits;
  }

  /** All of it, for people. */
  toString(): string {
    const kinds = this.tried.map(({ kind, tried, total }) =>
      total === Infinity ? `${kind} of ${tried}` : `${kind} ${tried} of ${total}`,
    );
    const bodies = this.lengths.map((length) => counted(length, "byte")).join(" and ");
    const totals = `${counted(this.runs, "run")}; bodies of ${bodies}; ${kinds.join(", ")}`;
    return [...this.findings.map(textOf), totals, ...(this.limits === null ? [] : [this.limits])].join("\n");
  }
}

/** What to write for each body to see it cut so again. */
export function replayOf(cutting: Cutting, bodies: readonly BodyChunks[]): string[] {
  return bodies.map((_, body) => {
    const own = cutting.cuts.filter((cut) => cut.body === body).map(({ at }) => at);
    const ending = cutting.endsAlone[body] === false ? ", { endsAlone: false }" : "";
    return `BodyChunks.cut(body, [${own.sort((a, b) => a - b).join(", ")}]${ending})`;
  });
}

function textOf({ replay, where, values: [uncut, cut], bodies }: SplitFinding): string {
  return [
    `cut otherwise, the bodies give another result: ${where} differs`,
    ...bodies.flatMap((body, i) => [`  body ${i + 1}: ${chunksText(body)}`, `    replay: ${replay[i]}`]),
    `  uncut: ${shown(uncut)}`,
    `  cut:   ${shown(cut)}`,
  ].join("\n");
}

/** Of a long chunk, at each end: the ends are what a cut is about. */
const shownBytes = 20;

function chunksText({ chunks, endsAlone }: BodyChunks): string {
  return `${chunks.map(chunkText).join(" | ")}, ${endsAlone ? "then the end" : "the end with the last"}`;
}

function chunkText(chunk: Uint8Array): string {
  const text = (part: Uint8Array): string => JSON.stringify(comparable(part));
  const hidden = chunk.length - 2 * shownBytes;
  if (hidden <= 0) return text(chunk);
  return `${text(chunk.subarray(0, shownBytes))}, ${counted(hidden, "byte")}, ${text(chunk.subarray(-shownBytes))}`;
}

/** A value in one line. */
export function shown(value: unknown): string {
  const limits = { depth: 8, maxStringLength: 1_000, maxArrayLength: 50 };
  return inspect(value, { ...limits, breakLength: Infinity, compact: true });
}
