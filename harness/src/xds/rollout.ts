import { setImmediate } from "node:timers/promises";
import { HarnessError } from "../errors.ts";
import type { Refusal } from "./client-stream.ts";
import type { ClientStreams, Demand } from "./client-streams.ts";
import { referencesOf } from "./references.ts";
import { described, eds, lds } from "./resource-types.ts";
import { inverse, phasesOf, type Phase, type Update } from "./update.ts";

export interface RolloutOptions {
  readonly update: Update;
  readonly updateMs: number;
  readonly stopping: AbortSignal;
}

/** One update on its way to the clients. */
export class Rollout {
  private readonly clients: ClientStreams;
  private readonly options: RolloutOptions;
  private readonly names: ReadonlySet<string>;
  private readonly signal: AbortSignal;
  private demands: readonly Demand[] = [];

  constructor(clients: ClientStreams, options: RolloutOptions) {
    const { update, updateMs, stopping } = options;
    this.clients = clients;
    this.options = options;
    this.names = new Set([...(update.set ?? []), ...(update.remove ?? [])].map(described));
    this.signal = AbortSignal.any([stopping, AbortSignal.timeout(updateMs)]);
  }

  /** Refused as `ControlPlane.update` is; what is served is then as it was before. */
  async perform(): Promise<void> {
    const { update } = this.options;
    const before = this.clients.state;
    this.clients.refusals.length = 0;
    const error = await this.send(update);
    if (error === null) return;
    await this.putBack(inverse(update, before));
    throw error;
  }

  /** Waits until a client has asked for listeners and taken everything. Refused as `ControlPlane.ready` is. */
  async arrive(): Promise<void> {
    const { clients, signal } = this;
    const isDone = (): boolean => clients.refusals.length > 0 || clients.isSubscribed(lds);
    const hasAsked = await clients.waiting.until(isDone, signal);
    const isTaken = hasAsked && (await this.settled(() => this.clients.refusals.length > 0, []));
    if (clients.refusals.length > 0)
      throw this.refusal("It is served nevertheless, until an update mends it.");
    if (!isTaken) throw this.lateness([lds]);
  }

  private async send(update: Update): Promise<HarnessError | null> {
    this.demands = this.demandsOf(update, this.clients.count);
    for (const begin of this.phases(update)) {
      const typeUrls = begin();
      const isTaken = await this.settled(() => this.clients.refusals.length > 0, typeUrls);
      if (this.clients.refusals.length > 0) return this.refusal("What is served is as it was before.");
      if (!isTaken) return this.lateness(typeUrls);
    }
    return null;
  }

  /** All of it, whatever clients say. */
  private async putBack(update: Update): Promise<void> {
    this.demands = []; // what was refused may have been taken in part
    for (const begin of this.phases(update)) await this.settled(() => false, begin());
  }

  /** Each begins a part of the update, and says of which types; the last one is what clients asked for meanwhile. */
  private *phases(update: Update): Iterable<() => readonly string[]> {
    const { clients } = this;
    const phases = phasesOf(update);
    clients.state = clients.state.with(update.set ?? []);
    for (const typeUrl of phases.flatMap(({ typeUrls }) => typeUrls)) clients.held.add(typeUrl);
    try {
      for (const phase of phases) yield () => this.begin(phase);
      yield () => [];
    } finally {
      clients.held.clear();
    }
  }

  /** With a service for each type, what is asked for because of a resource comes on a stream of its own, when it comes. */
  private demandsOf({ set = [] }: Update, streams: number): readonly Demand[] {
    const { clients } = this;
    if (!clients.usesSingleServices) return [];
    const changed = set.filter((one) => clients.state.get(one)?.version !== one.version);
    const served = clients.state.with(set);
    const demands = changed.flatMap((one) =>
      referencesOf(one).map((key) => ({
        ...key,
        of: one.typeUrl,
        after: key.typeUrl === eds ? streams : 0, // each cluster has its own, others share theirs
      })),
    );
    return demands.filter((demand) => clients.isSubscribed(demand.of) && served.get(demand) !== null);
  }

  private begin({ typeUrls, remove, renew }: Phase): readonly string[] {
    const { clients } = this;
    clients.state = clients.state.without(remove);
    for (const typeUrl of typeUrls) {
      clients.held.delete(typeUrl);
      clients.push(typeUrl, renew);
    }
    return typeUrls;
  }

  /** Waits for answers of these types, or all when none is named. False when time is up. */
  private async settled(isRefused: () => boolean, typeUrls: readonly string[]): Promise<boolean> {
    const { clients, signal } = this;
    const isDone = (): boolean => isRefused() || this.isTaken(typeUrls);
    do {
      if (!(await clients.waiting.until(isDone, signal))) return false;
      await arrived();
    } while (!isDone());
    return true;
  }

  private isTaken(typeUrls: readonly string[]): boolean {
    const { clients } = this;
    if (clients.isDeserted(typeUrls) || clients.unanswered(typeUrls).length > 0) return false;
    return this.demands.every((demand) => !typeUrls.includes(demand.of) || clients.isAsked(demand));
  }

  private lateness(typeUrls: readonly string[]): HarnessError {
    const { updateMs, stopping } = this.options;
    const what = [...this.names].join(", ") || "what is served";
    if (stopping.aborted)
      return new HarnessError("timeout", `the control plane was stopped before ${what} was taken`);
    return new HarnessError(
      "timeout",
      `${what} was not taken within ${updateMs} ms: ${this.obstacle(typeUrls)}`,
    );
  }

  private obstacle(typeUrls: readonly string[]): string {
    const { clients } = this;
    if (clients.isDeserted(typeUrls) || clients.count === 0) return this.whoIsGone();
    const silent = clients.unanswered(typeUrls).map(({ node, answer: { typeUrl, resources, removed } }) => {
      const names = [...resources.map(({ name }) => name), ...removed];
      const asked = names.map((name) => described({ typeUrl, name }));
      return `Envoy "${node}" has not answered the response with ${asked.join(", ") || "nothing"}`;
    });
    const missing = this.demands.filter((demand) => typeUrls.includes(demand.of) && !clients.isAsked(demand));
    return [...silent, ...missing.map((key) => `nobody has asked for ${described(key)}`)].join("; ");
  }

  private whoIsGone(): string {
    const { lastNode, count } = this.clients;
    if (count === 0) return "nobody has connected. Does Envoy run, and has it a node.id?";
    return `nobody is connected, and the last one was Envoy "${lastNode}". Does it still run?`;
  }

  /** What of this update is in a response that was refused; all of the response, when it is something else. */
  private refusedNames({ answer: { typeUrl, resources, removed } }: Refusal): readonly string[] {
    const keys = [...resources.map(({ name }) => name), ...removed].map((name) =>
      described({ typeUrl, name }),
    );
    const own = keys.filter((key) => this.names.has(key));
    return own.length > 0 ? own : keys;
  }

  private refusal(remedy: string): HarnessError {
    const [first, ...others] = this.clients.refusals;
    // a listener is refused too when its cluster is
    const refusals = [first, ...others.filter(({ answer }) => answer.typeUrl === first?.answer.typeUrl)];
    const said = refusals.flatMap((refusal) => {
      if (refusal === undefined) return [];
      const names = this.refusedNames(refusal).join(", ");
      return `Envoy "${refusal.node}" refused ${names}: ${refusal.message}`;
    });
    const cause = new Error(first?.message);
    return new HarnessError("configuration_refused", `${said.join("\n")}\n${remedy}`, { cause });
  }
}

/**
 * What a client asks for because of a response, it sends together with its answer, but on a new stream, which this
 * process hears of some turns of its event loop later.
 */
async function arrived(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await setImmediate();
}
