import { Bytes, GrpcCall, GrpcOutcome, GrpcRequest, GrpcResult, GrpcStream, HttpFields } from "as-proxy-wasm";
import { allOf } from "./field-ops";
import { Told } from "./index";
import { ToldPlugin } from "./plugin";
import { run } from "./run";
import { Script } from "./script";

enum GrpcOp {
  Call,
  Open,
  Send,
  CloseStream,
  Cancel,
}

export function runGrpcOp(script: Script, filter: Told | null, plugin: ToldPlugin): void {
  switch (script.code()) {
    case GrpcOp.Call:
      return call(script, filter, plugin);
    case GrpcOp.Open:
      return open(script, filter, plugin);
    case GrpcOp.Send:
      return script.sayFlag(streamOf(script, plugin).send(script.bytes(), script.flag()));
    case GrpcOp.CloseStream:
      return streamOf(script, plugin).close();
    default:
      if (script.flag()) streamOf(script, plugin).cancel();
      else callOf(script, plugin).cancel();
  }
}

function call(script: Script, filter: Told | null, plugin: ToldPlugin): void {
  const handler = callOf(script, plugin);
  const request = requestOf(script);
  request.message = script.bytes();
  request.timeoutMs = script.int();
  const wish = new Wish(request, script, filter);
  if (!handler.isOpen) handler.reporter.take(wish);
  handler.ask();
  script.say(owned(handler.token, wish.owner));
}

function open(script: Script, filter: Told | null, plugin: ToldPlugin): void {
  const handler = streamOf(script, plugin);
  const wish = new Wish(requestOf(script), script, filter);
  if (!handler.isOpen) handler.reporter.take(wish);
  handler.ask();
  script.say(owned(handler.token, wish.owner));
}

function owned(token: u32, owner: Told | null): Bytes {
  return Bytes.fromInteger(token).concat(Bytes.fromString(" ")).concat(numberOf(owner));
}

/** The number of a stream; 0 for the plugin. */
function numberOf(owner: Told | null): Bytes {
  return Bytes.fromInteger(owner === null ? 0 : owner.contextId);
}

function requestOf(script: Script): GrpcRequest {
  const request = new GrpcRequest(script.script(), script.script(), script.script());
  const service = script.bytes();
  if (service.length > 0) request.grpcService = service.copy();
  const metadata = script.list();
  for (let i = 0; i + 1 < metadata.length; i += 2) request.addMetadata(metadata[i], metadata[i + 1]);
  return request;
}

function callOf(script: Script, plugin: ToldPlugin): ToldGrpcCall {
  return plugin.grpcCalls[script.code() & 3];
}

function streamOf(script: Script, plugin: ToldPlugin): ToldGrpcStream {
  return plugin.grpcStreams[script.code() & 3];
}

/** What is asked for, by whom, whether again when nothing was sent, and what then. */
class Wish {
  readonly isInsistent: bool;
  readonly owner: Told | null;
  readonly then: Bytes;

  constructor(
    readonly request: GrpcRequest,
    script: Script,
    filter: Told | null,
  ) {
    this.isInsistent = script.flag();
    this.owner = script.flag() ? filter : null;
    this.then = script.script();
  }
}

/** What a callback of a call or a stream reports, and the script that it runs once. */
class Reporter {
  wish: Wish | null = null;
  private then: Bytes = Bytes.EMPTY;

  constructor(readonly plugin: ToldPlugin) {}

  take(wish: Wish): void {
    this.wish = wish;
    this.then = wish.then;
  }

  report(part: string, all: Bytes[]): void {
    const wish = this.wish;
    const script = new Script(this.then);
    if (wish === null || !script.next()) return;
    all.unshift(Bytes.fromString(part));
    all.unshift(numberOf(wish.owner));
    script.sayAll(all);
    const steps = script.rest();
    this.then = script.head();
    run(new Script(steps), wish.owner, this.plugin, null);
  }

  /** Whether it is to be asked for again. */
  reportEnd(result: GrpcResult): bool {
    const outcome = Bytes.fromInteger(result.outcome);
    const status = Bytes.fromInteger(result.status);
    const isOk = Bytes.fromInteger(result.isOk);
    this.report("end", [outcome, status, isOk, result.statusMessage, result.message]);
    const wish = this.wish;
    return result.outcome == GrpcOutcome.NotSent && wish !== null && wish.isInsistent;
  }
}

export class ToldGrpcCall extends GrpcCall {
  readonly reporter: Reporter;

  constructor(plugin: ToldPlugin) {
    super();
    this.reporter = new Reporter(plugin);
  }

  ask(): void {
    const wish = this.reporter.wish;
    if (wish === null) return;
    const owner = wish.owner;
    if (owner === null) this.reporter.plugin.callGrpc(wish.request, this);
    else owner.callGrpc(wish.request, this);
  }

  onResult(result: GrpcResult): void {
    if (this.reporter.reportEnd(result)) this.ask();
  }
}

export class ToldGrpcStream extends GrpcStream {
  readonly reporter: Reporter;

  constructor(plugin: ToldPlugin) {
    super();
    this.reporter = new Reporter(plugin);
  }

  ask(): void {
    const wish = this.reporter.wish;
    if (wish === null) return;
    const owner = wish.owner;
    if (owner === null) this.reporter.plugin.openGrpcStream(wish.request, this);
    else owner.openGrpcStream(wish.request, this);
  }

  onInitialMetadata(metadata: HttpFields): void {
    this.reporter.report("initial", allOf(metadata));
  }

  onMessage(message: Bytes): void {
    this.reporter.report("message", [message]);
  }

  onTrailingMetadata(metadata: HttpFields): void {
    this.reporter.report("trailing", allOf(metadata));
  }

  onClosed(result: GrpcResult): void {
    if (this.reporter.reportEnd(result)) this.ask();
  }
}
