import http from "node:http";
import http2, { type Http2Server } from "node:http2";
import { handlerFailure } from "../handler-failure.ts";
import type { Upstream } from "../upstream.ts";
import { acceptor, type AcceptedConnection, type ServerTls } from "./connections.ts";
import { serve, type Exchange } from "./exchange.ts";
import { receiveHttp1 } from "./http1-exchange.ts";
import { receiveHttp2 } from "./http2-exchange.ts";
import { ListeningPort, type ListeningAddress } from "./listening-port.ts";
import { serveWebSockets } from "./web-sockets.ts";

/** How an upstream can be reached. */
export interface HttpUpstreamOptions extends ListeningAddress {
  /** Default: no TLS. */
  readonly tls?: ServerTls;
}

const maxHeaderSize = 16 * 1024 * 1024;

/**
 * The test's upstream as a server. The client chooses between HTTP/1.1 and HTTP/2, over TLS by ALPN and without TLS by its
 * first bytes; WebSockets come by HTTP/1.1.
 */
export class HttpUpstreamServer implements AsyncDisposable {
  /** The connections that the proxy has made and begun to use, in their order. */
  readonly connections: AcceptedConnection[] = [];
  /** Why handshakes have failed, in their order: the codes of Node and OpenSSL, such as `CERT_HAS_EXPIRED`. */
  readonly refusedHandshakes: string[] = [];
  private readonly upstream: Upstream;
  private readonly listening: ListeningPort;
  private h1: http.Server | null = null;
  private h2: Http2Server | null = null;
  private failure: unknown = null;

  private constructor(upstream: Upstream, listening: ListeningPort, tls?: ServerTls) {
    this.upstream = upstream;
    this.listening = listening;
    const accept = acceptor(tls, {
      servers: { h1: () => (this.h1 ??= this.http1()), h2: () => (this.h2 ??= this.http2()) },
      accepted: (connection) => this.connections.push(connection),
      refused: (code) => this.refusedHandshakes.push(code),
    });
    listening.onConnection(accept);
  }

  static async start(upstream: Upstream, options: HttpUpstreamOptions = {}): Promise<HttpUpstreamServer> {
    return new HttpUpstreamServer(upstream, await ListeningPort.listen(options), options.tls);
  }

  get host(): string {
    return this.listening.host;
  }

  get port(): number {
    return this.listening.port;
  }

  /** Closes the port and breaks off its connections: the proxy is refused, until it is opened again. */
  closePort(): void {
    this.listening.close();
  }

  /** Opens the same port again. Refused with `port_in_use` when somebody else was quicker. */
  openPort(): Promise<void> {
    return this.listening.open();
  }

  /** Breaks off the connections that are there; new ones are accepted. */
  dropConnections(): void {
    this.listening.drop();
  }

  /** Throws what the test's handler threw since it was asked last: Envoy turns it into a mere 503. */
  refuseFailure(): void {
    const cause = this.failure;
    this.failure = null;
    if (cause !== null) throw handlerFailure("the upstream", cause);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.listening[Symbol.asyncDispose]();
  }

  private http1(): http.Server {
    const server = http.createServer({ maxHeaderSize, requireHostHeader: false, keepAliveTimeout: 0 });
    server.maxHeadersCount = 0;
    server.requestTimeout = 0;
    server.headersTimeout = 0;
    const receive = (exchange: Exchange): void => void this.serve(exchange);
    server.on("request", (request, response) => receiveHttp1(request, response, receive));
    serveWebSockets(server, this.upstream, (error) => (this.failure ??= error));
    return server;
  }

  private http2(): Http2Server {
    const server = http2.createServer({ settings: { maxHeaderListSize: maxHeaderSize } });
    const receive = (exchange: Exchange): void => void this.serve(exchange);
    server.on("stream", (stream, _fields, _flags, raw: string[]) => receiveHttp2(stream, raw, receive));
    server.on("sessionError", () => undefined); // the proxy has broken off
    return server;
  }

  private async serve(exchange: Exchange): Promise<void> {
    try {
      await serve(this.upstream, exchange);
    } catch (error) {
      this.failure ??= error;
      exchange.close();
    }
  }
}
