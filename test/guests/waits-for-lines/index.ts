import { Action, log, NetworkData, NetworkFilter, networkFilter, utf8 } from "as-proxy-wasm";

/** Holds what either side sends until a line is complete, or the side ends. */
@networkFilter("waits-for-lines")
export class WaitsForLines extends NetworkFilter {
  onDownstreamData(data: NetworkData, endOfStream: bool): Action {
    return waitForLine("client", data, endOfStream);
  }

  onUpstreamData(data: NetworkData, endOfStream: bool): Action {
    return waitForLine("upstream", data, endOfStream);
  }
}

function waitForLine(who: string, data: NetworkData, endOfStream: bool): Action {
  const bytes = data.read();
  if (bytes.indexOf(utf8("\n")) < 0 && !endOfStream) return Action.Pause;
  log.info(who + (endOfStream ? " ends with " : " says ") + bytes.toString());
  return Action.Continue;
}
