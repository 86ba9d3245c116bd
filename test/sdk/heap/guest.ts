/** An address in the guest's memory; 0 is null. */
export type Address = number;

/** What `modules/runtime.ts` exports: one step of a program each, on addresses, which stand for what is on the stack. */
export interface RuntimeModule {
  readonly memory: WebAssembly.Memory;
  begin(): number;
  finish(interrupted: number): void;
  settleNow(): void;
  hostAllocate(length: number): Address;
  collect(): void;
  setRoot(index: number, node: Address): void;
  getRoot(index: number): Address;
  contextTable(): Address;
  makeNode(id: number): Address;
  setA(node: Address, other: Address): void;
  setB(node: Address, other: Address): void;
  makeList(node: Address): void;
  makeMap(node: Address): void;
  makeSlots(node: Address, length: number): void;
  setSlot(node: Address, index: number, other: Address): void;
  push(node: Address, other: Address): void;
  shift(node: Address): void;
  splice(from: Address, to: Address): void;
  concat(from: Address, to: Address): void;
  sort(node: Address): void;
  mapSet(node: Address, key: number, other: Address): void;
  mapDelete(node: Address, key: number): void;
  setText(node: Address, length: number): void;
  setBytes(node: Address, bytes: Address): void;
  makeBytes(length: number): Address;
  makeOldBytes(length: number): Address;
  copyBytes(from: Address, to: Address): Address;
  litter(count: number): void;
  pin(node: Address): void;
  unpin(node: Address): void;
  takeByHand(length: number): Address;
  resizeByHand(block: Address, length: number): Address;
  freeByHand(block: Address): void;
  blocksStart(): Address;
  blocksEnd(): Address;
  windowFrom(): Address;
  windowTo(): Address;
}
