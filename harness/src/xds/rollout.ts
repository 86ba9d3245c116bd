import { setImmediate } from "node:timers/promises";
import { HarnessError } from "../errors.ts";
import type { Refusal } from "./client-stream.ts";
import type { ClientStreams } from "./client-streams.ts";
import { described, lds } from "./resource-types.ts";
import { inverse, phasesOf, type Update } from "./update.ts";

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
    const isDone = (): boolean => this.refusals.length > 0 || clients.isSubscribed(lds);
    const hasAsked = await clients.waiting.until(isDone, signal);
    const isTaken = hasAsked && (await this.settled(() => this.refusals.length > 0, undefined));
    if (this.refusals.length > 0) throw this.refusal();
    if (!isTaken) throw this.lateness(lds);
  }

  private async send(update: Update): Promise<HarnessError | null> {
    for (const begin of this.phases(update)) {
      const typeUrl = begin();
      const isTaken = await this.settled(() => this.refusals.length > 0, typeUrl);
      if (this.refusals.length > 0) return this.refusal();
      if (!isTaken) return this.lateness(typeUrl);
    }
    return null;
  }

  /** All of it, whatever clients say. */
  private async putBack(update: Update): Promise<void> {
    for (const begin of this.phases(update)) await this.settled(() => false, begin());
  }

  /** Each begins a part of the update, and says of which type; the last one is what clients asked for meanwhile. */
  private *phases(update: Update): Iterable<() => string | undefined> {
    const phases = phasesOf(update);
    this.clients.state = this.clients.state.with(update.set ?? []);
    for (const { typeUrl } of phases) this.clients.held.add(typeUrl);
    try {
      for (const { typeUrl, remove, renew } of phases) {
        yield () => {
          this.clients.held.delete(typeUrl);
          this.clients.state = this.clients.state.without(remove);
          this.clients.push(typeUrl, renew);
          return typeUrl;
        };
      }
      yield () => undefined;
    } finally {
      this.clients.held.clear();
    }
  }

  /** False when time is up. */
  private async settled(isRefused: () => boolean, typeUrl: string | undefined): Promise<boolean> {
    const { clients, signal } = this;
    const isDone = (): boolean =>
      isRefused() || (!clients.isDeserted(typeUrl) && clients.unanswered(typeUrl).length === 0);
    do {
      if (!(await clients.waiting.until(isDone, signal))) return false;
      await setImmediate(); // what a client asks for because of this arrives together with its answer
    } while (!isDone());
    return true;
  }

  private whoIsGone(): string {
    const { lastNode } = this.clients;
    if (lastNode === "") return "nobody has connected. Does Envoy run, and has it a node.id?";
    return `nobody is connected, and the last one was Envoy "${lastNode}". Does it still run?`;
  }

  private get refusals(): readonly Refusal[] {
    return this.clients.refusals.filter((refusal) => this.refusedNames(refusal).length > 0);
  }

  /** What of this update is in a response that was refused. */
  private refusedNames({ answer: { typeUrl, resources, removed } }: Refusal): readonly string[] {
    const names = [...resources.map(({ name }) => name), ...removed];
    return names.map((name) => described({ typeUrl, name })).filter((name) => this.names.has(name));
  }

  private refusal(): HarnessError {
    const said = this.refusals.map(
      (refusal) =>
        `Envoy "${refusal.node}" refused ${this.refusedNames(refusal).join(", ")}: ${refusal.message}`,
    );
    const cause = new Error(this.refusals[0]?.message);
    return new HarnessError(
      "configuration_refused",
      `${said.join("\n")}\nWhat is served is as it was before.`,
      { cause },
    );
  }

  private lateness(typeUrl: string | undefined): HarnessError {
    const { clients, options } = this;
    const what = [...this.names].join(", ");
    if (options.stopping.aborted) {
      return new HarnessError(
        "timeout",
        `the control plane was stopped before ${what || "what is served"} was taken`,
      );
    }
    const waited = `${what || "what is served"} was not taken within ${options.updateMs} ms: `;
    const isDeserted = clients.isDeserted(typeUrl) || clients.lastNode === "";
    if (isDeserted) return new HarnessError("timeout", `${waited}${this.whoIsGone()}`);
    const silent = clients.unanswered(typeUrl).map(({ node, answer }) => {
      const names = [...answer.resources.map(({ name }) => name), ...answer.removed];
      const asked = names.map((name) => described({ typeUrl: answer.typeUrl, name }));
      return `Envoy "${node}" has not answered the response with ${asked.join(", ") || "nothing"}`;
    });
    return new HarnessError("timeout", `${waited}${silent.join("; ")}`);
  }
}
