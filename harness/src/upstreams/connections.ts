import type { Server as HttpServer } from "node:http";
import type { Http2Server } from "node:http2";
import type { Socket } from "node:net";
import tls, { type TLSSocket } from "node:tls";
import type { Identity } from "../certificates/identity.ts";
import { tlsSession, type TlsSession } from "../clients/target.ts";

/**
 * What a server says and asks for in a TLS handshake.
 *
 * @category Program the upstream
 */
export interface ServerTls {
  /** The server's certificate. */
  readonly identity: Identity;
  /** PEM: the client must show a certificate of one of these authorities. Default: it is not asked for one. */
  readonly clientAuthority?: string;
  /** The protocols that are taken, the best first. Default `h2`, then `http/1.1`. */
  readonly alpn?: readonly string[];
}

/**
 * A connection that the proxy has made to an upstream, as the upstream has it.
 *
 * @category Program the upstream
 */
export interface AcceptedConnection {
  /** What is spoken on it. */
  readonly protocol: "h1" | "h2";
  /** Null in cleartext. */
  readonly tls: TlsSession | null;
}

/** What speaks the two protocols, on connections that it is given; made when the first one comes. */
export interface HttpServers {
  readonly h1: () => HttpServer;
  readonly h2: () => Http2Server;
}

/** A connection that was just accepted, and what is to be told of it. */
export interface Acceptance {
  readonly servers: HttpServers;
  readonly accepted: (connection: AcceptedConnection) => void;
  readonly refused: (code: string) => void;
}

/** What takes connections: it shakes hands, finds out what the client speaks, and hands the connection on. */
export function acceptor(options: ServerTls | undefined, acceptance: Acceptance): (socket: Socket) => void {
  const take = (socket: Socket): void => handOver(socket, acceptance);
  if (options === undefined) return take;
  const handshakes = tls.createServer({
    cert: options.identity.certificate,
    key: options.identity.privateKey,
    ALPNProtocols: [...(options.alpn ?? ["h2", "http/1.1"])],
    requestCert: options.clientAuthority !== undefined,
    ...(options.clientAuthority === undefined ? {} : { ca: options.clientAuthority }),
  });
  handshakes.on("secureConnection", take);
  handshakes.on("tlsClientError", (error, socket) => acceptance.refused(refusal(error, socket)));
  return (socket) => void handshakes.emit("connection", socket);
}

/** What Node says of the client's certificate, else what OpenSSL says of the handshake. */
function refusal(error: NodeJS.ErrnoException, { authorizationError }: TLSSocket): string {
  // an Error to the types, and a code in fact
  return authorizationError ? String(authorizationError) : (error.code ?? error.message);
}

/** The first bytes of a client that speaks HTTP/2 (RFC 9113, section 3.4); no method of HTTP/1.1 begins so. */
const preface = Buffer.from("PRI * HTTP/2.0\r\n");

/** Looks at the first bytes and puts them back: the client chooses the protocol, with and without TLS. */
function handOver(socket: Socket, acceptance: Acceptance, seen = Buffer.alloc(0)): void {
  socket.once("readable", () => {
    const start = Buffer.concat([seen, (socket.read() as Buffer | null) ?? Buffer.alloc(0)]);
    if (start.length < preface.length && preface.subarray(0, start.length).equals(start))
      return handOver(socket, acceptance, start); // not enough to tell
    socket.unshift(start);
    const protocol = start.subarray(0, preface.length).equals(preface) ? "h2" : "h1";
    acceptance.accepted({ protocol, tls: tlsSession(socket) });
    acceptance.servers[protocol]().emit("connection", socket);
  });
}
