import type { Scenario } from "../play.ts";
import type { Step } from "../program.ts";

/** Where in the life of a stream, a connection or a plugin something is done. */
export interface Place {
  readonly name: string;
  /** The scenario that gets there. */
  readonly scenario: (steps: readonly Step[]) => Scenario;
  /** The probes that would change there what follows, or show what other VMs of Envoy have done. */
  readonly without?: readonly string[];
}
