import { Action, log, NetworkData, NetworkFilter, networkFilter, Peer, properties } from "as-proxy-wasm";

/** Logs what each callback of a connection is given, and changes nothing. */
@networkFilter("observes-connections")
export class ObservesConnections extends NetworkFilter {
  onNewConnection(): Action {
    log.info("new connection, id " + properties.connection.idOr(-1).toString());
    return Action.Continue;
  }

  onDownstreamData(data: NetworkData, endOfStream: bool): Action {
    return observe("downstream data", data, endOfStream);
  }

  onUpstreamData(data: NetworkData, endOfStream: bool): Action {
    return observe("upstream data", data, endOfStream);
  }

  onDownstreamClose(peer: Peer): void {
    log.info("downstream close " + peer.toString());
  }

  onUpstreamClose(peer: Peer): void {
    log.info("upstream close " + peer.toString());
  }

  onDone(): void {
    log.info("done");
  }

  onLog(): void {
    log.info("log");
  }
}

function observe(what: string, data: NetworkData, endOfStream: bool): Action {
  log.info(what + ' "' + data.read().toString() + '"' + (endOfStream ? ", the end" : ""));
  return Action.Continue;
}
