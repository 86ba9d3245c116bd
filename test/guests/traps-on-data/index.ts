import { Action, NetworkData, NetworkFilter, networkFilter } from "as-proxy-wasm";

/** Traps as soon as a client says something. */
@networkFilter("traps-on-data")
export class TrapsOnData extends NetworkFilter {
  onDownstreamData(data: NetworkData, endOfStream: bool): Action {
    unreachable();
    return Action.Continue;
  }
}
