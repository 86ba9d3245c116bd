import { allocate } from "as-proxy-wasm/assembly/abi/memory";
import { Bytes } from "as-proxy-wasm/assembly/bytes";
import { Callback, enter, leave, settle } from "as-proxy-wasm/assembly/callbacks";
import { makeOldObject } from "as-proxy-wasm/assembly/runtime/objects";
import { heapEnd, heapStart, windowLimit, windowStart } from "as-proxy-wasm/assembly/runtime/window";

/** An object that refers to others in every way that the language has. */
class Node {
  id: u32 = 0;
  a: Node | null = null;
  b: Node | null = null;
  list: Array<Node | null> | null = null;
  map: Map<i32, Node> | null = null;
  slots: StaticArray<Node | null> | null = null;
  text: string | null = null;
  bytes: ArrayBuffer | null = null;
  copy: Bytes | null = null;
}

let first: Node | null = null;
let second: Node | null = null;
const literal: (Node | null)[] = [null, null, null, null];
const slots = new StaticArray<Node | null>(4);
const contexts = new Map<i32, Node>();

export function begin(): Callback {
  return enter(Callback.RequestHeaders);
}

export function finish(interrupted: Callback): void {
  leave(interrupted);
}

export function settleNow(): void {
  settle();
}

export function hostAllocate(length: usize): usize {
  return allocate(length);
}

export function collect(): void {
  __collect();
}

export function setRoot(index: i32, node: Node | null): void {
  if (index == 0) first = node;
  else if (index == 1) second = node;
  else if (index < 6) literal[index - 2] = node;
  else if (index < 10) slots[index - 6] = node;
  else if (node !== null) contexts.set(index, node);
  else contexts.delete(index);
}

export function getRoot(index: i32): Node | null {
  if (index == 0) return first;
  if (index == 1) return second;
  if (index < 6) return literal[index - 2];
  if (index < 10) return slots[index - 6];
  return contexts.has(index) ? contexts.get(index) : null;
}

export function contextTable(): usize {
  return changetype<usize>(contexts);
}

export function makeNode(id: u32): Node {
  const node = new Node();
  node.id = id;
  return node;
}

export function setA(node: Node, other: Node | null): void {
  node.a = other;
}

export function setB(node: Node, other: Node | null): void {
  node.b = other;
}

export function makeList(node: Node): void {
  node.list = [];
}

export function makeMap(node: Node): void {
  node.map = new Map<i32, Node>();
}

export function makeSlots(node: Node, length: i32): void {
  node.slots = new StaticArray<Node | null>(length);
}

export function setSlot(node: Node, index: i32, other: Node | null): void {
  const slots = node.slots;
  if (slots !== null) slots[index] = other;
}

export function push(node: Node, other: Node | null): void {
  const list = node.list;
  if (list !== null) list.push(other);
}

export function shift(node: Node): void {
  const list = node.list;
  if (list !== null && list.length > 0) list.shift();
}

/** Moves the upper half of a node's list to another node. */
export function splice(from: Node, to: Node): void {
  const list = from.list;
  if (list !== null) to.list = list.splice(list.length >> 1);
}

/** Gives a node the list of another, twice. */
export function concat(from: Node, to: Node): void {
  const list = from.list;
  if (list !== null) to.list = list.concat(list);
}

export function sort(node: Node): void {
  const list = node.list;
  if (list !== null) list.sort((left, right) => idOf(left) - idOf(right));
}

export function mapSet(node: Node, key: i32, other: Node): void {
  const map = node.map;
  if (map !== null) map.set(key, other);
}

export function mapDelete(node: Node, key: i32): void {
  const map = node.map;
  if (map !== null) map.delete(key);
}

/** Gives a node a text of so many digits, made piece by piece. */
export function setText(node: Node, length: i32): void {
  let text = "";
  for (let i = 0; i < length; i++) text += (i % 10).toString();
  node.text = text;
}

export function setBytes(node: Node, bytes: usize): void {
  node.bytes = changetype<ArrayBuffer>(bytes);
}

export function makeBytes(length: i32): ArrayBuffer {
  return new ArrayBuffer(length);
}

export function makeOldBytes(length: i32): usize {
  return makeOldObject(length, idof<ArrayBuffer>());
}

/** Gives a node a copy of the copy that another has, else of its bytes; where the copy's block stands. */
export function copyBytes(from: Node, to: Node): usize {
  const copy = latestBytes(from).copy();
  to.copy = copy;
  return copy.start;
}

/** Makes so many objects that nothing refers to. */
export function litter(count: i32): void {
  for (let i = 0; i < count; i++) makeNode(i).list = [];
}

export function pin(node: Node): void {
  __pin(changetype<usize>(node));
}

export function unpin(node: Node): void {
  __unpin(changetype<usize>(node));
}

export function takeByHand(length: usize): usize {
  return heap.alloc(length);
}

export function resizeByHand(block: usize, length: usize): usize {
  return heap.realloc(block, length);
}

export function freeByHand(block: usize): void {
  heap.free(block);
}

export function blocksStart(): usize {
  return heapStart();
}

export function blocksEnd(): usize {
  return heapEnd();
}

export function windowFrom(): usize {
  return windowStart();
}

export function windowTo(): usize {
  return windowLimit();
}

function latestBytes(node: Node): Bytes {
  const copy = node.copy;
  if (copy !== null) return copy;
  const bytes = node.bytes;
  return bytes === null ? Bytes.EMPTY : Bytes.fromBuffer(bytes);
}

function idOf(node: Node | null): i32 {
  return node === null ? -1 : node.id;
}
