import type { Answer, Demand, NameChange } from "./protocol.ts";
import { completeTypes } from "./resource-types.ts";
import { versionOf, type Resource } from "./resource.ts";
import type { Snapshot } from "./snapshot.ts";

type Content = Pick<Answer, "version" | "resources" | "removed">;

/** No resource has it: what has this version is sent again. */
const outdated = "";

/** What one client wants of one type on one stream, and what it has been sent. */
export class Subscription {
  readonly typeUrl: string;
  /** The response that the client has not answered yet. */
  pending: Answer | null = null;
  private readonly isDelta: boolean;
  private readonly names = new Set<string>();
  private isWildcard = false;
  /** Whether naming nothing means everything: until the client has named something. */
  private isImplicit = false;
  private isFirst = true;
  private lastNonce: string | null = null;
  /** Whether a response is due, even one with nothing in it. */
  private owesAnswer = false;
  /** The version that the client has, null when it was told that there is none. */
  private readonly known = new Map<string, string | null>();

  constructor(typeUrl: string, variant: "delta" | "sotw") {
    this.typeUrl = typeUrl;
    this.isDelta = variant === "delta";
  }

  /** State of the World names everything in each request: one that was sent before the last response came is out of date. */
  isOutOfDate({ nonce }: Demand): boolean {
    return !this.isDelta && this.lastNonce !== null && this.lastNonce !== nonce;
  }

  /** The response that this answers; null when it answers none. */
  answered({ nonce }: Demand): Answer | null {
    const answer = this.pending;
    if (answer === null || answer.nonce !== nonce) return null;
    this.pending = null;
    return answer;
  }

  send(answer: Answer): void {
    this.pending = answer;
    this.lastNonce = answer.nonce;
  }

  /** Whether a name is wanted, or anything at all. */
  isFor(name?: string): boolean {
    return this.isWildcard || (name === undefined ? this.names.size > 0 : this.names.has(name));
  }

  /** Takes what the client wants from now on; says what is new in it. */
  change(demand: Demand, state: Snapshot): NameChange {
    const change = this.changeOf(demand.names);
    for (const name of change.subscribe) this.subscribe(name);
    for (const name of change.unsubscribe) this.unsubscribe(name);
    if (this.isFirst) this.resume(demand, state);
    this.isFirst = false;
    return change;
  }

  /** Has this sent again, though it has not changed. */
  renew(name: string): void {
    if (this.known.has(name)) this.known.set(name, outdated);
  }

  /** What the client is to be sent now; null when it has all. `onlyNew`: nothing that it has heard of before. */
  next(state: Snapshot, onlyNew: boolean): Content | null {
    const { changed, removed } = this.differences(state, onlyNew);
    const isComplete = !this.isDelta && completeTypes.has(this.typeUrl);
    const isDue =
      this.owesAnswer || changed.length > 0 || (removed.length > 0 && (this.isDelta || isComplete));
    if (!isDue) return null;
    const resources = isComplete ? this.wanted(state) : changed;
    this.has(resources);
    for (const name of removed) this.forget(name);
    this.owesAnswer = false;
    return { ...this.content(state), resources, removed };
  }

  private changeOf(names: Demand["names"]): NameChange {
    const isNameless = "all" in names ? names.all.length === 0 : names.subscribe.length === 0;
    if (this.isFirst && isNameless && completeTypes.has(this.typeUrl)) return this.implicitWildcard();
    if (!("all" in names)) return names;
    if (isNameless && this.isImplicit) return { subscribe: [], unsubscribe: [] };
    const wanted = new Set(names.all);
    const had = [...this.names, ...(this.isWildcard ? ["*"] : [])];
    return {
      subscribe: [...wanted].filter((name) => !had.includes(name)),
      unsubscribe: had.filter((name) => !wanted.has(name)),
    };
  }

  private implicitWildcard(): NameChange {
    this.isImplicit = true;
    return { subscribe: ["*"], unsubscribe: [] };
  }

  /** Leaves out what a client has from before, on another stream. */
  private resume({ has }: Demand, state: Snapshot): void {
    if (typeof has !== "string") {
      for (const [name, version] of Object.entries(has)) this.known.set(name, version);
    } else if (has === this.content(state).version) {
      this.has(this.wanted(state));
    }
  }

  private subscribe(name: string): void {
    if (name === "*") {
      this.isWildcard = true;
      this.owesAnswer = true;
      return;
    }
    this.isImplicit = false;
    this.names.add(name);
    if (!this.isFirst) this.known.delete(name); // a client that asks again is answered again
  }

  private unsubscribe(name: string): void {
    if (name === "*") this.isWildcard = false;
    this.names.delete(name);
    if (this.isWildcard) this.known.set(name, outdated);
    else this.forgetUnwanted();
  }

  /** Who asks for it by its name is not told twice that there is none. */
  private forget(name: string): void {
    if (this.names.has(name)) this.known.set(name, null);
    else this.known.delete(name);
  }

  private forgetUnwanted(): void {
    for (const name of this.known.keys()) if (!this.names.has(name)) this.known.delete(name);
  }

  private has(resources: readonly Resource[]): void {
    for (const { name, version } of resources) this.known.set(name, version);
    this.owesAnswer = false;
  }

  private wanted(state: Snapshot): readonly Resource[] {
    const all = [...state.ofType(this.typeUrl).values()];
    return this.isWildcard ? all : all.filter(({ name }) => this.names.has(name));
  }

  private content(state: Snapshot): Content {
    const resources = this.wanted(state);
    const versions = resources.map(({ name, version }) => `${name}\0${version}\n`).sort();
    return { version: versionOf(versions.join("")), resources, removed: [] };
  }

  private differences(state: Snapshot, onlyNew: boolean): { changed: Resource[]; removed: string[] } {
    const resources = state.ofType(this.typeUrl);
    const changed: Resource[] = [];
    const removed: string[] = [];
    for (const name of this.candidates(resources, onlyNew)) {
      const resource = resources.get(name);
      if ((resource?.version ?? null) === this.known.get(name)) continue;
      if (resource === undefined) removed.push(name);
      else changed.push(resource);
    }
    return { changed, removed };
  }

  private candidates(resources: ReadonlyMap<string, Resource>, onlyNew: boolean): Iterable<string> {
    if (onlyNew && !this.owesAnswer) return [...this.names].filter((name) => !this.known.has(name));
    if (!this.isWildcard) return this.names;
    return new Set([...this.names, ...this.known.keys(), ...resources.keys()]);
  }
}
