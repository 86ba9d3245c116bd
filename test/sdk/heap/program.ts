import type { Random } from "../random.ts";
import type { RuntimeModule } from "./guest.ts";
import { Model, ROOTS } from "./model.ts";
import { Mutations } from "./mutations.ts";
import { HeapError, HeapReader } from "./reader.ts";

/** Beyond so many live nodes, roots are emptied. */
const MOST_LIVE_NODES = 300;

/** What old objects that are dropped at once may take, for each is counted until a collection frees them. */
const MOST_DROPPED_BYTES = 512 << 10;

/** A random program on the guest's heap, and the model of what it should do. */
export class Program {
  private readonly model = new Model();
  private readonly reader: HeapReader;
  private readonly guest: RuntimeModule;
  private readonly random: Random;
  private readonly mutations: Mutations;
  private depth = 0;
  private isCutOff = false;

  constructor(guest: RuntimeModule, random: Random) {
    this.guest = guest;
    this.random = random;
    this.reader = new HeapReader(guest);
    this.mutations = new Mutations({ guest, random, model: this.model, nest: () => this.nest() });
  }

  /** Runs so many outermost callbacks; throws a HeapError after the first that left the heap other than the model. */
  run(callbacks: number): void {
    for (let i = 0; i < callbacks; i++) {
      this.mutations.nodes = [...this.model.reachable()];
      if (this.random.below(8) === 0) this.callbackThatSettles();
      else this.callback();
      this.reader.check(this.model);
      if (!this.isCutOff && this.random.below(20) === 0) this.collect();
    }
  }

  /** Runs callbacks which each make an object that outlives them, and to which nothing refers; throws when they pile up. */
  churn(callbacks: number): void {
    const before = this.guest.memory.buffer.byteLength;
    for (let i = 0; i < callbacks; i++) {
      const interrupted = this.guest.begin();
      this.guest.litter(1);
      this.guest.makeOldBytes(1_000);
      this.guest.finish(interrupted);
    }
    const grown = this.guest.memory.buffer.byteLength - before;
    if (grown > MOST_DROPPED_BYTES) throw new HeapError(`what was dropped takes ${grown} bytes`);
  }

  /**
   * Lets a callback trap in its midst. No host calls such a guest again; one that does finds that nothing is freed any
   * more, for the guest believes that the callback still runs.
   */
  cutOff(): void {
    this.guest.begin();
    this.isCutOff = true;
    this.mutations.run(this.random.below(25));
  }

  /** Drops everything; throws a HeapError when memory is left over. */
  end(): void {
    for (let i = 0; i < ROOTS; i++) this.mutations.setRoot(i, null);
    for (const node of this.model.pinned) this.guest.unpin(node.at);
    for (const block of this.model.byHand) this.guest.freeByHand(block.at);
    this.model.pinned.clear();
    this.model.byHand.length = 0;
    this.collect();
  }

  private collect(): void {
    const interrupted = this.guest.begin();
    this.guest.collect();
    this.guest.finish(interrupted);
    this.reader.check(this.model);
    this.reader.checkNothingElseIsKept();
  }

  private callback(): void {
    const interrupted = this.guest.begin();
    if (this.mutations.nodes.length > MOST_LIVE_NODES) this.emptyRoots();
    if (this.mutations.nodes.length > 0 && this.random.below(4) === 0) this.mutations.copyBytes(); // nothing is young yet
    const most = this.random.pick([2, 4, 25]);
    this.mutations.run(this.random.below(most));
    this.guest.finish(interrupted);
  }

  /** What is kept before a filter's code runs does not keep what follows; within a nested callback that is not so. */
  private callbackThatSettles(): void {
    const interrupted = this.guest.begin();
    const settlesNested = this.random.below(2) === 0;
    if (!settlesNested) this.makeAndSettle();
    const [from, to] = [this.guest.windowFrom(), this.guest.windowTo()];
    this.guest.litter(this.random.below(20));
    if (settlesNested) this.settleNested();
    this.guest.finish(interrupted);
    const isElsewhere = this.guest.windowTo() !== to; // it was collected, or became full
    if (!this.isCutOff && !isElsewhere && this.guest.windowFrom() > from)
      throw new HeapError("what nothing refers to was kept");
  }

  private makeAndSettle(): void {
    const root = this.mutations.someRoot();
    this.mutations.run(this.random.below(4));
    this.mutations.setRoot(root, this.mutations.makeNode());
    this.guest.settleNow();
  }

  private settleNested(): void {
    const interrupted = this.guest.begin();
    this.guest.settleNow();
    this.guest.finish(interrupted);
  }

  private emptyRoots(): void {
    for (let i = 0; i < ROOTS; i++) if (this.random.below(3) > 0) this.mutations.setRoot(i, null);
  }

  private nest(): void {
    if (this.depth > 2) return;
    this.depth++;
    this.callback();
    this.depth--;
  }
}
