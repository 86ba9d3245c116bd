import type { Address, RuntimeModule } from "./guest.ts";
import { type Fill, type Model, type ModelNode, ROOTS } from "./model.ts";

const HEADER = 16;

/** Of a dead block, its first bytes are overwritten: there would be the references that matter. */
const MOST_OVERWRITTEN = 4_096;

/** A difference between the guest's heap and the model. */
export class HeapError extends Error {}

/** Reads the guest's heap byte by byte, by the layouts of AssemblyScript, and holds it against a model. */
export class HeapReader {
  private readonly guest: RuntimeModule;
  /** What was there before the first callback, and lives for ever. */
  private readonly permanent: Address;
  private words = new Uint32Array();
  private bytes = new Uint8Array();
  private live = new Set<Address>();

  constructor(guest: RuntimeModule) {
    this.guest = guest;
    this.permanent = guest.windowFrom();
  }

  /** Throws when anything that the model reaches is not as it says; afterwards everything else is overwritten. */
  check(model: Model): void {
    this.words = new Uint32Array(this.guest.memory.buffer);
    this.bytes = new Uint8Array(this.guest.memory.buffer);
    this.live = new Set();
    for (let i = 0; i < ROOTS; i++) this.equal(this.guest.getRoot(i), model.roots[i]?.at ?? 0, `root ${i}`);
    this.checkTable(this.guest.contextTable());
    for (const node of model.reachable()) this.checkNode(node);
    for (const block of model.byHand) this.checkFill(block, block.at);
    this.overwriteTheRest();
  }

  /** Throws when a dead object was not freed: to be called after `check` when a collection has just been. */
  checkNothingElseIsKept(): void {
    let wasFree = false;
    for (const [block] of this.blocks()) {
      const isFree = block !== null && !this.live.has(block + HEADER) && block >= this.permanent;
      if (isFree && wasFree) throw new HeapError(`the dead object at ${block} was not freed`);
      wasFree = isFree;
    }
  }

  private checkNode(node: ModelNode): void {
    const field = (index: number): Address => this.word(node.at + index * 4);
    const name = `node ${node.id}`;
    this.keep(node.at);
    this.equal(field(0), node.id, `${name}'s id`);
    this.equal(field(1), node.a?.at ?? 0, `${name}'s a`);
    this.equal(field(2), node.b?.at ?? 0, `${name}'s b`);
    if (this.isThere(field(3), node.list, `${name}'s list`)) this.checkList(field(3), node.list ?? []);
    if (this.isThere(field(4), node.map, `${name}'s map`)) this.checkMap(field(4), node.map ?? new Map());
    if (this.isThere(field(5), node.slots, `${name}'s slots`)) {
      this.keep(field(5));
      this.checkElements(field(5), node.slots ?? []);
    }
    if (this.isThere(field(6), node.textLength < 0 ? null : node, `${name}'s text`))
      this.checkText(field(6), node.textLength);
    if (node.bytes !== null) this.checkFill(node.bytes, field(7));
    else this.equal(field(7), 0, `${name}'s bytes`);
    if (this.isThere(field(8), node.copy, `${name}'s copy`)) this.checkCopy(field(8), node.copy);
  }

  private checkList(list: Address, nodes: readonly (ModelNode | null)[]): void {
    this.keep(list);
    this.keep(this.word(list));
    this.equal(this.word(list + 12), nodes.length, "a list's length");
    this.checkElements(this.word(list + 4), nodes);
  }

  private checkElements(start: Address, nodes: readonly (ModelNode | null)[]): void {
    nodes.forEach((node, i) => this.equal(this.word(start + i * 4), node?.at ?? 0, `element ${i}`));
  }

  private checkMap(map: Address, nodes: ReadonlyMap<number, ModelNode>): void {
    const entries = this.checkTable(map);
    this.equal(entries.size, nodes.size, "a map's size");
    for (const [key, node] of nodes) this.equal(entries.get(key) ?? 0, node.at, `the map's ${key}`);
  }

  private checkTable(map: Address): Map<number, Address> {
    for (const object of [map, this.word(map), this.word(map + 8)]) this.keep(object);
    const entries = new Map<number, Address>();
    const start = this.word(map + 8);
    for (let at = start; at < start + this.word(map + 16) * 12; at += 12)
      if ((this.word(at + 8) & 1) === 0) entries.set(this.word(at), this.word(at + 4));
    return entries;
  }

  private checkText(text: Address, length: number): void {
    this.keep(text);
    this.equal(this.word(text - 4), length * 2, "a text's length");
    for (let i = 0; i < length; i++)
      this.equal(this.bytes[text + i * 2] ?? 0, 0x30 + (i % 10), `character ${i}`);
  }

  /** A view, whose block, start and length are its fields; that of no bytes is the one in a data segment. */
  private checkCopy(view: Address, copy: Fill | null): void {
    if (copy === null) return;
    this.equal(this.word(view + 8), copy.length, "the length of a copy");
    if (copy.length === 0) return;
    this.keep(view);
    this.equal(this.word(view + 4), copy.at, "the start of a copy");
    this.checkFill(copy, this.word(view));
  }

  private checkFill({ at, length, byte }: Fill, found: Address): void {
    this.keep(at);
    this.equal(found, at, "the address of bytes");
    this.equal(this.word(at - 4), length, "the length of bytes");
    if (!Buffer.alloc(length, byte).equals(this.bytes.subarray(at, at + length)))
      throw new HeapError(`the ${length} bytes at ${at} were overwritten`);
  }

  /** Whoever uses memory that was freed finds no object there. */
  private overwriteTheRest(): void {
    for (const [block, size] of this.blocks()) {
      if (block !== null && (block < this.permanent || this.live.has(block + HEADER))) continue;
      const start = block === null ? this.guest.windowFrom() : block + HEADER;
      this.bytes.fill(0xd1, start, (block ?? start) + Math.min(size, MOST_OVERWRITTEN));
    }
  }

  /** Every block and its bytes, in order; the window has no block. Throws when they are not a row without gaps. */
  private *blocks(): Generator<[block: Address | null, size: number]> {
    const end = this.guest.blocksEnd();
    let at = this.guest.blocksStart();
    while (at < end) {
      const isWindow = at === this.guest.windowFrom() && at !== this.guest.windowTo();
      const size = isWindow ? this.guest.windowTo() - at : this.word(at) & ~15;
      if (size <= 0 || at + size > end) throw new HeapError(`the block at ${at} has ${size} bytes`);
      if (!isWindow && (this.word(at) & 1) !== 0) throw new HeapError(`the block at ${at} is marked`);
      yield [isWindow ? null : at, size];
      at += size;
    }
  }

  private keep(object: Address): void {
    this.live.add(object);
  }

  private isThere(address: Address, value: unknown, what: string): boolean {
    if ((address === 0) !== (value === null)) throw new HeapError(`${what} is at ${address}`);
    return address !== 0;
  }

  private equal(found: number, expected: number, what: string): void {
    if (found !== expected) throw new HeapError(`${what} is ${found}, not ${expected}`);
  }

  private word(at: Address): number {
    return this.words[at >>> 2] ?? 0;
  }
}
