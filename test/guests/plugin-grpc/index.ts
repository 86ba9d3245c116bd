import {
  Action,
  Bytes,
  GrpcCall,
  GrpcRequest,
  GrpcResult,
  GrpcStream,
  HttpFilter,
  httpFilter,
  log,
  NoConfiguration,
  Plugin,
  RequestHeaders,
  utf8,
} from "as-proxy-wasm";

/** One stream of messages for all requests, and a call for each; both outlive the requests. */
class Journal extends Plugin {
  private readonly entries: Entries = new Entries();

  /** Tells the service of a request. */
  write(path: Bytes): void {
    if (!this.entries.isOpen) this.openGrpcStream(request("Write"), this.entries);
    this.entries.send(path);
    const counting = request("Count");
    counting.message = path;
    this.callGrpc(counting, new Count());
  }
}


@httpFilter("plugin-grpc")
export class PluginGrpc extends HttpFilter<NoConfiguration, Journal> {
  private path: Bytes = Bytes.EMPTY;

  onRequestHeaders(headers: RequestHeaders, endOfStream: bool): Action {
    const path = headers.get(utf8(":path"));
    if (path !== null) this.path = path.copy();
    return Action.Continue;
  }

  onLog(): void {
    this.plugin.write(this.path);
  }
}

class Entries extends GrpcStream {
  onMessage(message: Bytes): void {
    log.info("written: " + message.toString());
  }

  onClosed(result: GrpcResult): void {
    log.info("closed: " + result.status.toString());
  }
}

class Count extends GrpcCall {
  onResult(result: GrpcResult): void {
    log.info("counted: " + result.message.toString());
  }
}

function request(method: string): GrpcRequest {
  return new GrpcRequest(utf8("journal"), utf8("pkg.Journal"), Bytes.fromString(method));
}
