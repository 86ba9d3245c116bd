import type { Random } from "../random.ts";
import type { RuntimeModule } from "./guest.ts";
import { type Fill, type Model, ModelNode, ROOTS } from "./model.ts";

/** What a callback can do to the guest's heap, at random; the model is changed likewise. */
export class Mutations {
  /** The nodes that the running callback knows. */
  nodes: ModelNode[] = [];

  private readonly guest: RuntimeModule;
  private readonly random: Random;
  private readonly model: Model;
  private readonly steps: readonly [() => void, ...(() => void)[]];
  private lastId = 0;

  /** `nest` runs a callback within the callback. */
  constructor(world: { guest: RuntimeModule; random: Random; model: Model; nest: () => void }) {
    this.guest = world.guest;
    this.random = world.random;
    this.model = world.model;
    this.steps = this.stepsWith(world.nest);
  }

  /** Makes so many changes. */
  run(count: number): void {
    for (let i = count; i > 0; i--) this.random.pick(this.steps)();
  }

  private stepsWith(nest: () => void): [() => void, ...(() => void)[]] {
    return [
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
      nest,
      () => this.turnPin(),
      () => this.changeByHand(),
      () => this.random.below(40) === 0 && this.guest.collect(),
    ];
  }

  makeNode(): ModelNode {
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

  setRoot(index: number, node: ModelNode | null): void {
    this.guest.setRoot(index, node?.at ?? 0);
    this.model.roots[index] = node;
  }

  /** The first two are globals, to which no object's store leads. */
  someRoot(): number {
    return this.random.below(this.random.pick([2, ROOTS]));
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

  copyBytes(): void {
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
