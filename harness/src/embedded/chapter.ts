import type { GuestMemory } from "./memory.ts";
import type { Vm } from "./vm.ts";

/** Host functions of one chapter by their names in the ABI; an i64 arrives as a bigint, everything else as a number. */
export type HostFunctions = Readonly<Record<string, (...parameters: never[]) => number>>;

/** What a chapter is made from: the VM that calls it, and that VM's memory, which exists only once it is linked. */
export interface Guest {
  readonly vm: Vm;
  readonly memory: GuestMemory;
}
