import { BodyChunks } from "../body-chunks.ts";
import { HarnessError } from "../errors.ts";
import { startFresh, type FreshProxy, type RepeatedOptions } from "../fresh-proxy.ts";
import { refuseUnknownOptions } from "../options.ts";
import { chosenOf, type TriedSplits } from "./choice.ts";
import { comparable, differenceOf, type Difference } from "./comparable.ts";
import { Cutter, type Cutting } from "./cutting.ts";
import { replayOf, shown, SplitReport, type SplitFinding } from "./report.ts";
import { shrunk } from "./shrink.ts";

/**
 * How many ways to cut are tried, and which.
 *
 * @category Write tests
 */
export interface EverySplitOptions {
  /** The most ways to cut that are tried, up to 1,000,000; where there are more, those of fewest cuts and a sample. Default 1,000. */
  maxRuns?: number;
  /** Where samples begin; the same seed gives the same ones. Default 1. */
  seed?: number;
}

/**
 * What each run of a scenario is given that cuts bodies.
 *
 * @category Write tests
 */
export interface SplitRun extends FreshProxy {
  /** Cuts a body, of a request or of a response, as this run does; bodies are told apart by the order in which they come. */
  readonly chunks: (body: string | Uint8Array) => BodyChunks;
}

/** A run: what it gave, and the bodies that it cut. */
interface Played {
  readonly result: unknown;
  readonly bodies: readonly Uint8Array[];
}

type Play = (cutting: Cutting) => Promise<Played>;

const uncut: Cutting = { cuts: [], endsAlone: [] };

/**
 * Runs a scenario with its bodies whole and then cut in every way, up to a bound, each time with a fresh proxy, and reports
 * the first way that gives another result than the whole bodies. Results are compared by value: bytes, headers without those
 * that are made anew for each request, `proxy.stats`, and what is thrown. Refused with `invalid_input` when no body is cut
 * that has a byte, and when the scenario gives two results although nothing is cut; with whatever it throws uncut.
 *
 * @category Write tests
 */
export async function everySplit(
  options: RepeatedOptions,
  scenario: (run: SplitRun) => unknown,
  { maxRuns = 1_000, seed = 1, ...others }: EverySplitOptions = {},
): Promise<SplitReport> {
  refuseUnknownOptions("everySplit", others, ["maxRuns", "seed"]);
  refuseRuns(maxRuns);
  let runs = 0;
  const play: Play = (cutting) => (runs++, played(options, scenario, cutting));
  const first = await play(uncut);
  refuseVague(first, await play(uncut));
  const canEnd = (options.backend ?? "embedded") === "embedded";
  const lengths = first.bodies.map(({ length }) => length);
  const chosen = chosenOf(lengths, { maxRuns, seed, canEnd });
  const { tried, finding } = await firstDifference(chosen, first, play);
  const limits = canEnd ? null : limitsOfEnvoy;
  return new SplitReport({ tried, runs, bodies: first.bodies, finding, limits });
}

const limitsOfEnvoy =
  "a real Envoy was sent one chunk after the other, and may have read several at once; none was empty, and no end with a chunk";

/** A sample is as large as there are runs left for it. */
const mostRuns = 1_000_000;

function refuseRuns(maxRuns: number): void {
  if (Number.isInteger(maxRuns) && maxRuns >= 1 && maxRuns <= mostRuns) return;
  throw new HarnessError(
    "invalid_input",
    `everySplit: maxRuns: ${maxRuns} must be a whole number from 1 to ${mostRuns}`,
  );
}

async function played(
  options: RepeatedOptions,
  scenario: (run: SplitRun) => unknown,
  cutting: Cutting,
): Promise<Played> {
  const fresh = await startFresh(options);
  await using proxy = fresh.proxy;
  const cutter = new Cutter(cutting);
  const result = await Promise.resolve(scenario({ ...fresh, chunks: cutter.chunks })).then(
    async (value: unknown) => {
      await proxy.settled();
      return comparable(value);
    },
  );
  return { result, bodies: cutter.bodies };
}

function refuseVague(first: Played, second: Played): void {
  if (!first.bodies.some(({ length }) => length > 0))
    throw new HarnessError(
      "invalid_input",
      `everySplit: the scenario cuts ${first.bodies.length === 0 ? "no body" : "only empty bodies"}: send and answer with what ` +
        "chunks(body) returns, of a body that has bytes",
    );
  const difference = differenceOf(first.result, second.result);
  if (difference === null) return;
  const { where, values } = difference;
  throw new HarnessError(
    "invalid_input",
    `everySplit: ${where} differs between two runs in which nothing is cut, ${values.map(shown).join(" and ")}: ` +
      "leave out of the result what is not the same each time",
  );
}

interface Found {
  readonly tried: readonly TriedSplits[];
  readonly finding: SplitFinding | null;
}

async function firstDifference(
  chosen: ReadonlyArray<TriedSplits & { readonly cuttings: readonly Cutting[] }>,
  first: Played,
  play: Play,
): Promise<Found> {
  const differs = async (cutting: Cutting): Promise<boolean> =>
    unlike(first, await outcomeOf(cutting, play)) !== null;
  const tried: TriedSplits[] = [];
  for (const { cuttings, kind, total } of chosen) {
    for (const [i, cutting] of cuttings.entries()) {
      if (!(await differs(cutting))) continue;
      const smallest = await shrunk(cutting, differs);
      const outcome = await outcomeOf(smallest, play);
      return {
        tried: [...tried, { kind, tried: i + 1, total }],
        finding: findingOf(smallest, first, outcome),
      };
    }
    if (total > 0) tried.push({ kind, tried: cuttings.length, total });
  }
  return { tried, finding: null };
}

/** What a run gave, or what it threw. */
interface Outcome {
  readonly result: unknown;
  readonly isThrown: boolean;
}

function outcomeOf(cutting: Cutting, play: Play): Promise<Outcome> {
  return play(cutting).then(
    ({ result }) => ({ result, isThrown: false }),
    (error: unknown) => ({ result: { thrown: comparable(error) }, isThrown: true }),
  );
}

function unlike(first: Played, { result, isThrown }: Outcome): Difference | null {
  return isThrown
    ? { where: "the result", values: [first.result, result] }
    : differenceOf(first.result, result);
}

function findingOf(cutting: Cutting, first: Played, outcome: Outcome): SplitFinding {
  const bodies = first.bodies.map(new Cutter(cutting).chunks);
  const { result: cut } = outcome;
  const uncut = first.result;
  const difference = unlike(first, outcome) ?? { where: "the result, now and then,", values: [uncut, cut] };
  return { ...difference, uncut, cut, bodies, replay: replayOf(cutting, bodies) };
}
