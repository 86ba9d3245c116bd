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
  const isInsistent = script.flag();
  const owner = script.flag() ? filter : null;
  const then = script.script();
  if (!handler.isOpen) handler.prepare(owner, request, isInsistent, then);
  handler.ask();
  script.say(owned(handler.token, owner));
}

function open(script: Script, filter: Told | null, plugin: ToldPlugin): void {
  const handler = streamOf(script, plugin);
  const request = requestOf(script);
  const isInsistent = script.flag();
  const owner = script.flag() ? filter : null;
  const then = script.script();
  if (!handler.isOpen) handler.prepare(owner, request, isInsistent, then);
  handler.ask();
  script.say(owned(handler.token, owner));
}

function owned(token: u32, owner: Told | null): Bytes {
  const owners = Bytes.fromInteger(owner === null ? 0 : owner.contextId);
  return Bytes.fromInteger(token).concat(Bytes.fromString(" ")).concat(owners);
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

/** What a callback of a call or a stream reports, and the script that it runs once. */
class Reporter {
  then: Bytes = Bytes.EMPTY;
  owner: Told | null = null;

  constructor(private readonly plugin: ToldPlugin) {}

  report(part: string, all: Bytes[]): void {
    const script = new Script(this.then);
    if (!script.next()) return;
    all.unshift(Bytes.fromString(part));
    script.sayAll(all);
    const steps = script.rest();
    this.then = script.head();
    run(new Script(steps), this.owner, this.plugin, null);
  }

  reportEnd(result: GrpcResult): void {
    const outcome = Bytes.fromInteger(result.outcome);
    const status = Bytes.fromInteger(result.status);
    const isOk = Bytes.fromInteger(result.isOk);
    this.report("end", [outcome, status, isOk, result.statusMessage, result.message]);
  }
}

export class ToldGrpcCall extends GrpcCall {
  private readonly reporter: Reporter;
  private request: GrpcRequest | null = null;
  private isInsistent: bool = false;

  constructor(private readonly plugin: ToldPlugin) {
    super();
    this.reporter = new Reporter(plugin);
  }

  prepare(owner: Told | null, request: GrpcRequest, isInsistent: bool, then: Bytes): void {
    this.request = request;
    this.isInsistent = isInsistent;
    this.reporter.owner = owner;
    this.reporter.then = then;
  }

  ask(): void {
    const request = this.request;
    const owner = this.reporter.owner;
    if (request === null) return;
    if (owner === null) this.plugin.callGrpc(request, this);
    else owner.callGrpc(request, this);
  }

  onResult(result: GrpcResult): void {
    this.reporter.reportEnd(result);
    if (result.outcome == GrpcOutcome.NotSent && this.isInsistent) this.ask();
  }
}

export class ToldGrpcStream extends GrpcStream {
  private readonly reporter: Reporter;
  private request: GrpcRequest | null = null;
  private isInsistent: bool = false;

  constructor(private readonly plugin: ToldPlugin) {
    super();
    this.reporter = new Reporter(plugin);
  }

  prepare(owner: Told | null, request: GrpcRequest, isInsistent: bool, then: Bytes): void {
    this.request = request;
    this.isInsistent = isInsistent;
    this.reporter.owner = owner;
    this.reporter.then = then;
  }

  ask(): void {
    const request = this.request;
    const owner = this.reporter.owner;
    if (request === null) return;
    if (owner === null) this.plugin.openGrpcStream(request, this);
    else owner.openGrpcStream(request, this);
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
    this.reporter.reportEnd(result);
    if (result.outcome == GrpcOutcome.NotSent && this.isInsistent) this.ask();
  }
}
