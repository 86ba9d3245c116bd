import { once } from "node:events";
import http, { type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout } from "node:timers/promises";
import { HarnessError } from "../errors.ts";
import type { OutgoingResponse, ReceivedRequest } from "../message.ts";
import { isFault, type Upstream, type UpstreamFault } from "../upstream.ts";
import { refuseMetadata } from "./http2-metadata.ts";
import { framing, fromRaw, toPairs, toRaw } from "./raw-headers.ts";

const maxHeaderSize = 16 * 1024 * 1024;

/** The test's upstream as an HTTP/1.1 server on a free port of 127.0.0.1. */
export class UpstreamServer implements AsyncDisposable {
  private readonly upstream: Upstream;
  private readonly server: http.Server;
  private failure: unknown = null;

  private constructor(upstream: Upstream) {
    this.upstream = upstream;
    this.server = http.createServer({ maxHeaderSize, requireHostHeader: false, keepAliveTimeout: 0 });
    this.server.maxHeadersCount = 0;
    this.server.requestTimeout = 0;
    this.server.headersTimeout = 0;
    this.server.on("request", (request, response) => this.receive(request, response));
  }

  static async start(upstream: Upstream): Promise<UpstreamServer> {
    const started = new UpstreamServer(upstream);
    await once(started.server.listen(0, "127.0.0.1"), "listening");
    return started;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Throws what the test's handler threw since it was asked last: Envoy turns it into a mere 503. */
  refuseFailure(): void {
    const cause = this.failure;
    this.failure = null;
    if (cause === null) return;
    if (cause instanceof HarnessError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new HarnessError("invalid_input", `the upstream's handler threw: ${reason}`, { cause });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.server, "close");
    this.server.close();
    this.server.closeAllConnections();
    await closed;
  }

  private receive(request: IncomingMessage, response: ServerResponse): void {
    const chunks: Uint8Array[] = [];
    request.on("data", (chunk: Uint8Array) => chunks.push(chunk));
    request.on("end", () => void this.answer(received(request, chunks), response));
  }

  private async answer(request: ReceivedRequest, response: ServerResponse): Promise<void> {
    try {
      const reaction = await this.upstream.handle(request);
      if (isFault(reaction)) return misbehave(reaction, response);
      refuseMetadata(reaction.metadata);
      if (reaction.delayMs > 0) await setTimeout(reaction.delayMs);
      write(reaction, request, response);
    } catch (error) {
      this.failure ??= error;
      response.destroy();
    }
  }
}

function received(request: IncomingMessage, chunks: readonly Uint8Array[]): ReceivedRequest {
  const headers = fromRaw(request.rawHeaders);
  const authority = headers.get("host") ?? "";
  headers.remove("host");
  return {
    method: request.method ?? "",
    path: request.url ?? "",
    authority,
    headers,
    body: new Uint8Array(Buffer.concat(chunks)),
    trailers: fromRaw(request.rawTrailers),
  };
}

function misbehave({ fault }: UpstreamFault, response: ServerResponse): void {
  if (fault === "refuse") response.destroy();
  if (fault !== "reset") return;
  response.writeHead(200, ["content-length", "100"]);
  response.write("half an ans", () => response.socket?.end());
}

/** Nothing is added but what says where the body ends: no Date, no Connection. */
function write(answer: OutgoingResponse, request: ReceivedRequest, response: ServerResponse): void {
  const bodiless = answer.status === 204 || answer.status === 304;
  response.sendDate = false;
  response.removeHeader("connection");
  response.writeHead(answer.status, [
    ...toRaw(answer.headers),
    ...framing(answer, bodiless ? [] : ["content-length", "0"]),
  ]);
  response.addTrailers(toPairs(answer.trailers));
  for (const chunk of answer.chunks) response.write(chunk);
  const cutShort = request.method !== "HEAD" && promised(answer) > sent(answer);
  response.end(() => cutShort && response.socket?.end()); // otherwise the proxy waits for the rest
}

function promised({ headers }: OutgoingResponse): number {
  return Number(headers.get("content-length") ?? 0);
}

function sent({ chunks }: OutgoingResponse): number {
  return chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0);
}
