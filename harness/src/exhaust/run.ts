import { HarnessError } from "../errors.ts";
import { firstLine } from "../first-line.ts";
import { trapReason, type Faults } from "../faults.ts";
import { startFresh, type FreshProxy, type RepeatedOptions } from "../fresh-proxy.ts";
import type { ReceivedRequest } from "../message.ts";
import type { Trap } from "../observation.ts";
import type { StartedProxy } from "../proxy.ts";
import { trapText } from "../trap.ts";
import type { Settings } from "./options.ts";
import type { Strike } from "./strike.ts";

/**
 * What is done with each proxy; what it throws is told apart from what the filter does.
 *
 * @category Write tests
 */
export type RepeatedScenario = (fresh: FreshProxy) => unknown;

/** What `exhaust` is given. */
export interface Subject {
  readonly options: RepeatedOptions;
  readonly scenario: RepeatedScenario;
  readonly settings: Settings;
}

/** Something that must not happen. */
export interface Harm {
  readonly kind: "trap" | "hang" | "unauthorised";
  readonly what: string;
}

/** How a run went. */
export interface Outcome {
  readonly harms: readonly Harm[];
  /** What the scenario threw, or null. */
  readonly error: Error | null;
  /** The plugins did not start, as it should be. */
  readonly isRefused: boolean;
  readonly hasStruck: boolean;
  /** It struck this many calls. */
  readonly strikes: number;
}

/** A callback that ends has long ended by then. */
const callbackMs = 500;

/** Runs the scenario once with something that goes wrong. */
export async function runWith(strike: Strike, subject: Subject): Promise<Outcome> {
  const { options } = subject;
  const caught: { faults: Faults | null } = { faults: null };
  const startFaults = (faults: Faults): void => {
    caught.faults = faults;
    options.startFaults?.(faults);
    if (strike.isAtStart) strike.set(faults);
  };
  const limits = { callbackMs, ...options.limits };
  const seen = await startFresh({ ...options, limits, allowTraps: true, startFaults }).then(
    (fresh) => runIn(fresh, strike, subject),
    (error: unknown) => refusal(error),
  );
  const { faults } = caught;
  return { ...seen, hasStruck: faults !== null && strike.hasStruck(faults), strikes: faults?.strikes ?? 0 };
}

type Seen = Pick<Outcome, "harms" | "error" | "isRefused">;

/** A plugin that does not start is what it should be, unless it trapped. */
function refusal(thrown: unknown): Seen {
  const error = HarnessError.from(thrown);
  if (error.code !== "configuration_refused") return { harms: [], error, isRefused: false };
  const { cause } = error;
  const isTrap = cause instanceof HarnessError && cause.code === "filter_trapped";
  return { harms: isTrap ? [harmOf(firstLine(cause.message))] : [], error: null, isRefused: true };
}

async function runIn(fresh: FreshProxy, strike: Strike, { scenario, settings }: Subject): Promise<Seen> {
  const { proxy, upstream } = fresh;
  if (!strike.isAtStart) strike.set(proxy.faults);
  const error = await ended(playedOut(fresh, scenario), proxy, settings.scenarioMs);
  const isOver = error !== "never";
  const traps = isOver ? proxy.sinceStart.traps.filter(({ reason }) => reason !== trapReason) : [];
  const hangs = [
    proxy.stuck?.message,
    isOver ? undefined : `the run did not end in ${settings.scenarioMs} ms`,
  ];
  const passed = upstream.requests.filter((request) => settings.unauthorised(request));
  const harms = [...traps.map(ofTrap), ...hangs.flatMap(ofHang), ...passed.map(ofRequest)];
  return { harms: distinct(harms), error: isOver ? error : null, isRefused: false };
}

/** Resolves with what the scenario threw, once all that it began is over, whether it waited for it or not. */
async function playedOut(fresh: FreshProxy, scenario: RepeatedScenario): Promise<Error | null> {
  const { proxy } = fresh;
  const error = await thrownBy(async () => scenario(fresh));
  await proxy[Symbol.asyncDispose](); // the clock moves again, for who held it may have been thrown out
  const late = await thrownBy(() => proxy.settled());
  if (late !== null) await proxy.settled(); // it says each failure once
  return error ?? late;
}

async function thrownBy(act: () => Promise<unknown>): Promise<Error | null> {
  try {
    await act();
    return null;
  } catch (thrown) {
    return thrown instanceof Error ? thrown : new Error(String(thrown), { cause: thrown });
  }
}

/**
 * What the run resolves with, or `never` when its time passes. A scenario that moves the clock itself may wait for a time that
 * it does not let pass: then the clock moves on for it, and nobody hangs.
 */
async function ended(
  run: Promise<Error | null>,
  proxy: StartedProxy,
  ms: number,
): Promise<Error | null | "never"> {
  const inTime = await within(run, ms);
  if (inTime !== "never") return inTime;
  void proxy[Symbol.asyncDispose]();
  const late = await within(run, ms);
  if (late !== null) return late;
  const waited = `the scenario waited for more than ${ms} ms for a time that it did not let pass`;
  return new HarnessError("timeout", `${waited}: await proxy.clock.advance(ms), or leave the clock alone`);
}

async function within(run: Promise<Error | null>, ms: number): Promise<Error | null | "never"> {
  const { promise, resolve } = Promise.withResolvers<"never">();
  const timer = setTimeout(() => resolve("never"), ms);
  try {
    return await Promise.race([run, promise]);
  } finally {
    clearTimeout(timer);
  }
}

function ofTrap(trap: Trap): Harm {
  return harmOf(firstLine(trapText(`plugin "${trap.plugin}"`, trap)));
}

/** A callback that the limit has stopped hangs. */
function harmOf(text: string): Harm {
  return { kind: text.includes(": endless loop: ") ? "hang" : "trap", what: text };
}

function ofHang(what: string | undefined): Harm[] {
  return what === undefined ? [] : [{ kind: "hang", what }];
}

function ofRequest({ method, path }: ReceivedRequest): Harm {
  return { kind: "unauthorised", what: `unauthorised ${method} ${path} reached the upstream` };
}

function distinct(harms: readonly Harm[]): Harm[] {
  return [...new Map(harms.map((harm) => [harm.what, harm])).values()];
}
