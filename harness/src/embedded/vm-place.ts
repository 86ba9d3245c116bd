import type { Plugin } from "../backend.ts";
import type { Vm } from "./vm.ts";

/** Where a VM lives. */
export interface VmPlace {
  /** As a transcript has it, `worker 1`; "" where there are no threads. */
  readonly name: string;
  /** It is to show whether a configuration is accepted, and ends at once: what it asks others for comes to nothing. */
  readonly isCanary: boolean;
  /** The VM that is there for a plugin at the moment, which may have come after another one; null when none is. */
  vmOf(plugin: Plugin): Vm | null;
}
