import { Action, Timer } from "as-proxy-wasm";
import { Faults } from "./faults/faults";
import { FaultInjection } from "./index";

/** A request that waits for the end of its delay. */
export class HeldRequest extends Timer {
  constructor(
    private readonly filter: FaultInjection,
    private readonly faults: Faults,
  ) {
    super();
  }

  onTime(): void {
    if (this.filter.endRequest(this.faults) == Action.Continue) this.filter.resumeRequest();
  }
}
