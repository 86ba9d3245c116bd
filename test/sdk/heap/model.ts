import type { Address } from "./guest.ts";

/** A block of bytes that all have one value. */
export interface Fill {
  readonly at: Address;
  readonly length: number;
  readonly byte: number;
}

/** What a node of the guest should hold. */
export class ModelNode {
  a: ModelNode | null = null;
  b: ModelNode | null = null;
  list: (ModelNode | null)[] | null = null;
  map: Map<number, ModelNode> | null = null;
  slots: (ModelNode | null)[] | null = null;
  /** Of how many digits its text is; -1 for none. */
  textLength = -1;
  bytes: Fill | null = null;
  /** The bytes of a node as they were when they were copied. */
  copy: Fill | null = null;

  readonly id: number;
  readonly at: Address;

  constructor(id: number, at: Address) {
    this.id = id;
    this.at = at;
  }

  /** The nodes that it refers to. */
  *members(): Generator<ModelNode> {
    const all = [this.a, this.b, ...(this.list ?? []), ...(this.map?.values() ?? []), ...(this.slots ?? [])];
    for (const node of all) if (node !== null) yield node;
  }
}

/** How many places outside of the heap refer to nodes: two globals, two arrays, and a table by number. */
export const ROOTS = 30;

/** The heap as it should be between callbacks. */
export class Model {
  readonly roots: (ModelNode | null)[] = Array.from({ length: ROOTS }, () => null);
  readonly pinned = new Set<ModelNode>();
  readonly byHand: Fill[] = [];

  /** Every node that can be reached. */
  reachable(): Set<ModelNode> {
    const found = new Set<ModelNode>(this.pinned);
    for (const root of this.roots) if (root !== null) found.add(root);
    for (const node of found) for (const member of node.members()) found.add(member);
    return found;
  }
}
