import { once } from "node:events";
import http2, { type ClientHttp2Session, type ClientHttp2Stream, type IncomingHttpHeaders } from "node:http2";
import type { Socket } from "node:net";
import { HarnessError } from "../errors.ts";
import { HeaderList } from "../header-list.ts";
import { http2ErrorName } from "../http2-errors.ts";
import { receivedResponse, type OutgoingRequest, type ReceivedResponse } from "../message.ts";
import { bodyLength, fromRaw, latin1, toHttp2, toRaw, withoutPseudo } from "../raw-headers.ts";
import { brokenOff } from "./broken-off.ts";
import type { RequestClient } from "./request-client.ts";
import { openSocket, tlsSession, type ClientTarget, type TlsSession } from "./target.ts";

/** Sends requests over HTTP/2, over TLS by ALPN and without TLS with prior knowledge, all on one connection that is kept. */
export class Http2Client implements RequestClient {
  private readonly target: ClientTarget;
  private session: Promise<ClientHttp2Session> | null = null;
  private opened: ClientHttp2Session | null = null;
  private handshake: TlsSession | null = null;

  constructor(target: ClientTarget) {
    this.target = target;
  }

  get tls(): TlsSession | null {
    return this.handshake;
  }

  async send(request: OutgoingRequest, signal?: AbortSignal): Promise<ReceivedResponse> {
    refuseMetadata(request.metadata);
    const stream = this.open(await this.connected(), request, signal);
    const exchange = new Http2Exchange(stream);
    void writeBody(stream, request);
    return exchange.response;
  }

  reconnect(): void {
    const { session } = this;
    this.session = this.opened = null;
    session?.then((opened) => opened.destroy()).catch(() => undefined); // whoever waits for it hears of it
  }

  [Symbol.dispose](): void {
    this.reconnect();
  }

  /** The connection that is kept, unless the other end has closed it or will not take more. */
  private connected(): Promise<ClientHttp2Session> {
    const isOver = this.opened?.closed === true || this.opened?.destroyed === true;
    if (this.session !== null && !isOver) return this.session;
    this.opened = null;
    this.session = this.connect();
    this.session.catch(() => (this.session = null));
    return this.session;
  }

  private async connect(): Promise<ClientHttp2Session> {
    const socket = openSocket(this.target, "h2");
    await ready(socket, this.target);
    this.handshake = tlsSession(socket);
    refuseOtherProtocol(this.handshake, socket);
    const session = http2.connect(`${this.scheme}://localhost`, { createConnection: () => socket });
    session.on("error", () => undefined); // the streams of the connection hear of it
    session.on("goaway", () => session.close());
    this.opened = session;
    return session;
  }

  private get scheme(): "http" | "https" {
    return this.target.tls === undefined ? "http" : "https";
  }

  private open(
    session: ClientHttp2Session,
    request: OutgoingRequest,
    signal?: AbortSignal,
  ): ClientHttp2Stream {
    const length = bodyLength(request);
    const fields = [
      ...[":method", request.method, ":scheme", this.scheme],
      ...[":authority", latin1(request.authority), ":path", latin1(request.path)],
      ...toRaw(request.headers),
      ...(length === null ? [] : ["content-length", length]),
    ];
    const endStream = request.chunks.length === 0 && request.trailers.size === 0;
    const options = { endStream, waitForTrailers: request.trailers.size > 0 };
    try {
      return session.request(fields, { ...options, ...(signal === undefined ? {} : { signal }) });
    } catch (cause) {
      const message = `${request.method} ${request.path} cannot be sent over HTTP/2: ${(cause as Error).message}`;
      throw new HarnessError("invalid_input", message, { cause });
    }
  }
}

async function ready(socket: Socket, { tls }: ClientTarget): Promise<void> {
  try {
    await once(socket, tls === undefined ? "connect" : "secureConnect");
  } catch (cause) {
    socket.destroy();
    throw brokenOff(cause as Error, "it was open");
  }
}

function refuseOtherProtocol(handshake: TlsSession | null, socket: Socket): void {
  if (handshake === null || handshake.alpn === "h2") return;
  socket.destroy();
  const seen = handshake.alpn === null ? "no protocol" : `"${handshake.alpn}"`;
  throw new HarnessError(
    "tls_refused",
    `HTTP/2 was offered as "h2" in the TLS handshake, and the server chose ${seen}: let the listener's alpn_protocols have h2`,
  );
}

function refuseMetadata(metadata: HeaderList): void {
  if (metadata.size === 0) return;
  throw new HarnessError("unsupported", "this HTTP/2 client has no METADATA frames: leave metadata out");
}

/** One chunk is written when the one before has left, so that the proxy can see them apart. */
async function writeBody(stream: ClientHttp2Stream, { chunks, trailers }: OutgoingRequest): Promise<void> {
  if (stream.writableEnded) return;
  stream.on("wantTrailers", () => stream.sendTrailers(toHttp2(trailers)));
  for (const chunk of chunks) await new Promise<void>((resolve) => stream.write(chunk, () => resolve()));
  stream.end();
}

/** What comes back on one stream. */
class Http2Exchange {
  readonly response: Promise<ReceivedResponse>;
  private readonly stream: ClientHttp2Stream;
  private readonly body: Uint8Array[] = [];
  private status = 0;
  private headers = new HeaderList();
  private trailers = new HeaderList();
  private failure: Error | null = null;

  constructor(stream: ClientHttp2Stream) {
    this.stream = stream;
    stream.on("response", (_fields: unknown, _flags: number, raw: string[]) => this.begin(raw));
    stream.on("trailers", (_fields: IncomingHttpHeaders, _flags: number, raw?: string[]) => {
      this.trailers = fromRaw(raw ?? []);
    });
    stream.on("data", (chunk: Uint8Array) => this.body.push(chunk));
    stream.on("error", (error: Error) => (this.failure = error));
    this.response = new Promise((resolve, reject) => {
      stream.on("close", () => (this.isComplete ? resolve(this.received()) : reject(this.cutShort())));
    });
  }

  private begin(raw: readonly string[]): void {
    const fields = fromRaw(raw);
    this.status = Number(fields.get(":status"));
    this.headers = withoutPseudo(fields);
  }

  /** A server may reset what it has answered: it says by NO_ERROR that it does not want the rest of the request. */
  private get isComplete(): boolean {
    const { readableEnded, rstCode } = this.stream;
    return this.status !== 0 && readableEnded && rstCode === 0 && this.failure === null;
  }

  private received(): ReceivedResponse {
    const { status, headers, trailers } = this;
    return receivedResponse({ status, headers, trailers, body: new Uint8Array(Buffer.concat(this.body)) });
  }

  private cutShort(): HarnessError {
    const cause = this.failure ?? new Error(this.ending);
    if (this.status === 0) return brokenOff(cause, "a response");
    const { length } = Buffer.concat(this.body);
    const message = `the response was cut short: status ${this.status}, then ${length} bytes of the body (${cause.message})`;
    return new HarnessError("internal", message, { cause });
  }

  private get ending(): string {
    const { session, rstCode } = this.stream;
    const isLost = session === undefined || session.destroyed;
    return isLost ? "the connection was closed" : `the stream was reset with ${http2ErrorName(rstCode ?? 0)}`;
  }
}
