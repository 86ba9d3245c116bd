import type { Random } from "../random.ts";
import type { RuntimeModule } from "./guest.ts";
import { type Fill, Model, ModelNode, ROOTS } from "./model.ts";
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
  /** The nodes that the running callback knows. */
  private nodes: ModelNode[] = [];
  private lastId = 0;
  private depth = 0;
  private isCutOff = false;

  constructor(guest: RuntimeModule, random: Random) {
    this.guest = guest;
    this.random = random;
    this.reader = new HeapReader(guest);
  }

  /** Runs so many outermost callbacks; throws a HeapError after the first that left the heap other than the model. */
  run(callbacks: number): void {
    for (let i = 0; i < callbacks; i++) {
      this.nodes = [...this.model.reachable()];
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
    for (let i = this.random.below(25); i > 0; i--) this.random.pick(this.steps)();
  }

  /** Drops everything; throws a HeapError when memory is left over. */
  end(): void {
    for (let i = 0; i < ROOTS; i++) this.setRoot(i, null);
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
    if (this.nodes.length > MOST_LIVE_NODES) this.emptyRoots();
    if (this.nodes.length > 0 && this.random.below(4) === 0) this.copyBytes(); // nothing is young yet
    const most = this.random.pick([2, 4, 25]);
    for (let i = this.random.below(most); i > 0; i--) this.random.pick(this.steps)();
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
    const root = this.someRoot();
    for (let i = this.random.below(4); i > 0; i--) this.random.pick(this.steps)();
    this.setRoot(root, this.makeNode());
    this.guest.settleNow();
  }

  private settleNested(): void {
    const interrupted = this.guest.begin();
    this.guest.settleNow();
    this.guest.finish(interrupted);
  }

  private readonly steps: [() => void, ...(() => void)[]] = [
    () => void this.makeNode(),
    () => void this.makeNode(),
    () => this.setRoot(this.someRoot(), this.makeNode()),
    () => this.setRoot(this.someRoot(), this.someNode()),
    () => this.setRoot(this.someRoot(), null),
    () => this.setField(),
    () => this.setField(),
    () => this.growList(),
    () => this.moveList(),
    () => this.changeMap(),
    () => this.changeSlots(),
    () => this.setText(),
    () => this.setBytes(),
    () => this.copyBytes(),
    () => void this.fill(this.guest.hostAllocate, this.someLength()),
    () => this.guest.litter(this.someLength() % 2_000),
    () => this.nest(),
    () => this.turnPin(),
    () => this.changeByHand(),
    () => this.random.below(40) === 0 && this.guest.collect(),
  ];

  private makeNode(): ModelNode {
    const id = ++this.lastId;
    const node = new ModelNode(id, this.guest.makeNode(id));
    this.nodes.push(node);
    return node;
  }

  private someNode(): ModelNode {
    const [first, ...rest] = this.nodes;
    return first === undefined ? this.makeNode() : this.random.pick([first, ...rest]);
  }

  private someNodeOrNull(): ModelNode | null {
    return this.random.below(4) === 0 ? null : this.someNode();
  }

  private setRoot(index: number, node: ModelNode | null): void {
    this.guest.setRoot(index, node?.at ?? 0);
    this.model.roots[index] = node;
  }

  /** The first two are globals, to which no object's store leads. */
  private someRoot(): number {
    return this.random.below(this.random.pick([2, ROOTS]));
  }

  private emptyRoots(): void {
    for (let i = 0; i < ROOTS; i++) if (this.random.below(3) > 0) this.setRoot(i, null);
  }

  private setField(): void {
    const node = this.someNode();
    const other = this.someNodeOrNull();
    if (this.random.below(2) === 0) {
      this.guest.setA(node.at, other?.at ?? 0);
      node.a = other;
    } else {
      this.guest.setB(node.at, other?.at ?? 0);
      node.b = other;
    }
  }

  private growList(): void {
    const node = this.someNode();
    if (node.list === null || node.list.length > 100) {
      this.guest.makeList(node.at);
      node.list = [];
    }
    for (let i = this.random.below(20); i > 0; i--) {
      const other = this.someNodeOrNull();
      this.guest.push(node.at, other?.at ?? 0);
      node.list.push(other);
    }
    if (this.random.below(4) > 0) return;
    this.guest.shift(node.at);
    node.list.shift();
  }

  private moveList(): void {
    const from = this.someNode();
    const to = this.someNode();
    if (from.list === null || from.list.length > 100) return;
    const way = this.random.below(3);
    if (way === 0) {
      this.guest.splice(from.at, to.at);
      to.list = from.list.splice(from.list.length >> 1);
    } else if (way === 1) {
      this.guest.concat(from.at, to.at);
      to.list = from.list.concat(from.list);
    } else {
      this.guest.sort(from.at);
      from.list.sort((left, right) => (left?.id ?? -1) - (right?.id ?? -1));
    }
  }

  private changeMap(): void {
    const node = this.someNode();
    if (node.map === null || node.map.size > 50) {
      this.guest.makeMap(node.at);
      node.map = new Map();
    }
    for (let i = this.random.below(12); i > 0; i--) {
      const key = this.random.below(60);
      const other = this.someNode();
      this.guest.mapSet(node.at, key, other.at);
      node.map.set(key, other);
    }
    const key = this.random.below(60);
    if (!node.map.delete(key)) return;
    this.guest.mapDelete(node.at, key);
  }

  private changeSlots(): void {
    const node = this.someNode();
    if (node.slots === null) {
      const length = 1 + this.random.below(30);
      this.guest.makeSlots(node.at, length);
      node.slots = Array.from({ length }, () => null);
    }
    const index = this.random.below(node.slots.length);
    const other = this.someNodeOrNull();
    this.guest.setSlot(node.at, index, other?.at ?? 0);
    node.slots[index] = other;
  }

  private setText(): void {
    const node = this.someNode();
    node.textLength = this.random.below(60);
    this.guest.setText(node.at, node.textLength);
  }

  private setBytes(): void {
    const node = this.someNode();
    const { hostAllocate, makeBytes, makeOldBytes } = this.guest;
    const allocate = this.random.pick([hostAllocate, makeBytes, makeOldBytes]);
    node.bytes = this.fill(allocate, this.random.below(4) > 0 ? this.someLength() : this.lengthOfRoom());
    this.guest.setBytes(node.at, node.bytes.at);
  }

  private copyBytes(): void {
    const [from, to] = [this.someNode(), this.someNode()];
    const at = this.guest.copyBytes(from.at, to.at);
    const source = from.copy ?? from.bytes;
    to.copy = { at, length: source?.length ?? 0, byte: source?.byte ?? 0 };
  }

  /** What the host gets from the guest it writes to at once. */
  private fill(allocate: (length: number) => number, length: number): Fill {
    const block = { at: allocate(length), length, byte: 1 + this.random.below(200) };
    new Uint8Array(this.guest.memory.buffer).fill(block.byte, block.at, block.at + length);
    return block;
  }

  /** Mostly short, now and then longer than the window, rarely longer than the memory. */
  private someLength(): number {
    const scale = this.random.below(1_000);
    if (scale === 0) return this.random.below(1_500_000);
    if (scale < 10) return this.random.below(150_000);
    return scale < 100 ? this.random.below(8_000) : this.random.below(200);
  }

  /** About what the window has room for, where that is not much. */
  private lengthOfRoom(): number {
    const room = this.guest.windowTo() - this.guest.windowFrom();
    return room > 150_000 ? this.someLength() : Math.max(room - this.random.below(9_000), 0);
  }

  private nest(): void {
    if (this.depth > 2) return;
    this.depth++;
    this.callback();
    this.depth--;
  }

  private turnPin(): void {
    const node = this.someNode();
    if (this.model.pinned.delete(node)) this.guest.unpin(node.at);
    else if (this.model.pinned.size < 4) {
      this.guest.pin(node.at);
      this.model.pinned.add(node);
    }
  }

  private changeByHand(): void {
    const { byHand } = this.model;
    const known = byHand.shift();
    if (known !== undefined && this.random.below(2) === 0) {
      byHand.push(this.fill((length) => this.guest.resizeByHand(known.at, length), this.someLength()));
      return;
    }
    if (known !== undefined) this.guest.freeByHand(known.at);
    if (byHand.length < 4) byHand.push(this.fill(this.guest.takeByHand, this.someLength()));
  }
}
