import { once } from "node:events";
import http2, {
  type Http2Server,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from "node:http2";
import type { AddressInfo, Socket } from "node:net";
import { setTimeout } from "node:timers/promises";
import { GrpcReceivedCall } from "../grpc/call.ts";
import { frame, FrameReader } from "../grpc/frames.ts";
import type { GrpcEvent } from "../grpc/messages.ts";
import type { GrpcUpstream } from "../grpc/upstream.ts";
import { handlerFailure } from "../handler-failure.ts";
import { HeaderList } from "../header-list.ts";
import { latin1 } from "../raw-headers.ts";

/** What gRPC and HTTP/2 need, and a service's handler is not shown as metadata. */
const ownFields = /^(:.*|content-type|te|grpc-timeout)$/;

/** The test's gRPC service as an HTTP/2 server without TLS on a free port. */
export class GrpcServer implements AsyncDisposable {
  private readonly upstream: GrpcUpstream;
  private readonly server: Http2Server;
  private readonly sessions = new Set<ServerHttp2Session>();
  private readonly sockets: Socket[] = [];
  private readonly open = new Set<GrpcReceivedCall>();
  private failure: unknown = null;

  private constructor(upstream: GrpcUpstream) {
    this.upstream = upstream;
    this.server = http2.createServer();
    this.server.on("session", (session) => {
      this.sessions.add(session);
      session.on("close", () => this.sessions.delete(session));
    });
    this.server.on("connection", (socket: Socket) => this.sockets.push(socket));
    this.server.on("stream", (stream, headers) => void this.serve(stream, headers));
  }

  static async start(upstream: GrpcUpstream, host = "127.0.0.1"): Promise<GrpcServer> {
    const started = new GrpcServer(upstream);
    await once(started.server.listen(0, host), "listening");
    return started;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** The calls that are open, as this end has it. */
  get calls(): readonly GrpcReceivedCall[] {
    return [...this.open];
  }

  /** Every connection that was made. */
  get connections(): readonly Socket[] {
    return this.sockets;
  }

  /** Throws what the test's handler threw since it was asked last: Envoy only says that the stream was reset. */
  refuseFailure(): void {
    const cause = this.failure;
    this.failure = null;
    if (cause !== null) throw handlerFailure("the gRPC service", cause);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.server, "close");
    this.server.close();
    for (const session of this.sessions) session.destroy();
    await closed;
  }

  private async serve(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): Promise<void> {
    const call = receivedCall(headers);
    const events = this.upstream.handle(call);
    this.open.add(call);
    listen(stream, call, () => this.open.delete(call));
    try {
      for await (const event of events) await perform(stream, event);
      if (!stream.writableEnded) call.fallSilent();
    } catch (error) {
      this.failure ??= error;
      stream.close(http2.constants.NGHTTP2_INTERNAL_ERROR);
    }
  }
}

/**
 * Whether all calls that Envoy has open wait for it to say something, and nothing is on its way between both ends. `count`
 * is one of Envoy's counts for these servers together.
 */
export function areQuiet(servers: readonly GrpcServer[], count: (name: string) => bigint): boolean {
  const calls = servers.flatMap((server) => server.calls);
  const sockets = servers.flatMap((server) => server.connections);
  if (BigInt(calls.length) !== count("upstream_rq_active")) return false;
  if (calls.some(({ isIdle }) => !isIdle)) return false;
  if (sockets.some(({ destroyed }) => destroyed)) return true; // what was on its way is lost
  const sum = (bytes: (socket: Socket) => number): bigint =>
    BigInt(sockets.reduce((total, socket) => total + bytes(socket), 0));
  const [read, written] = [sum(({ bytesRead }) => bytesRead), sum(({ bytesWritten }) => bytesWritten)];
  return read === count("upstream_cx_tx_bytes_total") && written === count("upstream_cx_rx_bytes_total");
}

function receivedCall(headers: IncomingHttpHeaders): GrpcReceivedCall {
  const fields = Object.entries(headers).flatMap(([name, value]) =>
    [value ?? []].flat().map((one) => [name, new Uint8Array(Buffer.from(one, "latin1"))] as const),
  );
  return new GrpcReceivedCall({
    method: headers[":path"] ?? "",
    authority: headers[":authority"] ?? "",
    metadata: HeaderList.from(fields.filter(([name]) => !ownFields.test(name))),
  });
}

/** Tells the call what its client does. */
function listen(stream: ServerHttp2Stream, call: GrpcReceivedCall, closed: () => void): void {
  const reader = new FrameReader();
  stream.on("data", (chunk: Uint8Array) => {
    for (const message of reader.read(chunk)) call.push(message);
  });
  stream.on("end", () => {
    if (stream.aborted) return;
    if (!stream.closed || stream.writableFinished) return call.halfClose();
    call.cancel(); // Envoy up to 1.36 resets without an error: neither "aborted" nor "close" comes
    closed();
  });
  stream.on("aborted", () => stream.writableFinished || call.cancel());
  stream.on("error", () => undefined); // the client's reset: `aborted` has said so
  stream.on("close", closed);
}

/** Does what a service does, unless the client is gone. */
async function perform(stream: ServerHttp2Stream, event: GrpcEvent): Promise<void> {
  if (event.kind === "delay") await setTimeout(event.delayMs);
  if (stream.destroyed || stream.aborted) return;
  if (event.kind === "fault") return misbehave(stream, event.fault);
  if (event.kind === "end" && !stream.headersSent) return endAtOnce(stream, event);
  if (event.kind === "initial") respond(stream, event.metadata);
  if (event.kind === "message") await send(stream, event.bytes);
  if (event.kind === "end") end(stream, event);
}

function misbehave(stream: ServerHttp2Stream, fault: "refuse" | "reset" | "silence"): void {
  if (fault !== "silence") stream.removeAllListeners("aborted"); // it is not the client who gives up
  if (fault === "refuse" && !stream.headersSent) stream.session?.destroy();
  else if (fault !== "silence") stream.close(http2.constants.NGHTTP2_INTERNAL_ERROR);
}

async function send(stream: ServerHttp2Stream, message: Uint8Array): Promise<void> {
  if (!stream.headersSent) respond(stream, new HeaderList());
  if (!stream.write(frame(message))) await Promise.race([once(stream, "drain"), once(stream, "close")]);
}

/** Known to node:http2, and not to its types. */
const withoutDate = { sendDate: false };

function respond(stream: ServerHttp2Stream, metadata: HeaderList): void {
  stream.respond(
    { ":status": 200, "content-type": "application/grpc", ...toHeaders(metadata) },
    { waitForTrailers: true, ...withoutDate },
  );
}

type End = Extract<GrpcEvent, { kind: "end" }>;

/** An end without anything before it is one block of headers, as gRPC's servers send it. */
function endAtOnce(stream: ServerHttp2Stream, event: End): void {
  const headers = { ":status": 200, "content-type": "application/grpc", ...trailersOf(event) };
  stream.respond(headers, { endStream: true, ...withoutDate });
}

function end(stream: ServerHttp2Stream, event: End): void {
  stream.on("wantTrailers", () => stream.sendTrailers(trailersOf(event)));
  stream.end();
}

function trailersOf({ status, statusMessage, metadata }: End): OutgoingHttpHeaders {
  const message = statusMessage === "" ? {} : { "grpc-message": encodeURI(statusMessage) };
  return { "grpc-status": String(status), ...message, ...toHeaders(metadata) };
}

/** As node:http2 wants them: values of one name together. */
function toHeaders(list: HeaderList): OutgoingHttpHeaders {
  const headers: Record<string, string[]> = {};
  for (const [name, value] of list) (headers[name] ??= []).push(latin1(value));
  return headers;
}
