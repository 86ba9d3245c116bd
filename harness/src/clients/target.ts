import type { Socket } from "node:net";
import net from "node:net";
import tls, { type TLSSocket } from "node:tls";
import type { Identity } from "../certificates/identity.ts";
import { peerCertificate, type PeerCertificate } from "../certificates/peer-certificate.ts";

/**
 * Where a client connects to.
 *
 * @category Send and receive
 */
export interface ClientTarget {
  /** The port of TCP, or of UDP for HTTP/3. */
  readonly port: number;
  /** A name or an address. Default 127.0.0.1. */
  readonly host?: string;
  /** A local address to connect from, such as 127.0.0.2. Default: the system's choice. */
  readonly localAddress?: string;
  /** Default: no TLS. */
  readonly tls?: ClientTls;
}

/**
 * What a client says and asks for in a TLS handshake.
 *
 * @category Send and receive
 */
export interface ClientTls {
  /** PEM: the certificates of the authorities that are trusted. Default: those that Node trusts. */
  readonly authority?: string;
  /** The name that is asked for (SNI), and that the certificate must be for. Default: no SNI, and the host's name. */
  readonly serverName?: string;
  /** The client's certificate. Default none. */
  readonly identity?: Identity;
  /** The protocols that are offered, the best first. Default: the client's own, such as `h2`. */
  readonly alpn?: readonly string[];
  /**
   * What of the server's certificate must hold. Default `name`: an authority's signature, the time and the name.
   * `authority` leaves the name out, which is for certificates with a SPIFFE name only; `nothing` takes everything.
   */
  readonly verify?: "name" | "authority" | "nothing";
}

/**
 * What came out of a TLS handshake, as one end has it.
 *
 * @category Send and receive
 */
export interface TlsSession {
  /** Such as `TLSv1.3`. */
  readonly version: string;
  /** The protocol that was agreed upon, or null when none was. */
  readonly alpn: string | null;
  /** The name that the client asked for, or null when it asked for none. */
  readonly serverName: string | null;
  /** The other end's certificate, or null when it has shown none. */
  readonly peer: PeerCertificate | null;
}

/** Begins to connect; `alpn` is what the protocol that will be spoken is called in a handshake. */
export function openSocket(target: ClientTarget, alpn: string): Socket {
  const { port, host = "127.0.0.1", localAddress } = target;
  const socket = net.connect({
    port,
    host,
    noDelay: true,
    ...(localAddress === undefined ? {} : { localAddress }),
  });
  return target.tls === undefined ? socket : secured(socket, target.tls, { host, alpn });
}

function secured(
  socket: Socket,
  options: ClientTls,
  { host, alpn }: { host: string; alpn: string },
): TLSSocket {
  const { authority, serverName, identity, verify = "name" } = options;
  return tls.connect({
    socket,
    host,
    ...(authority === undefined ? {} : { ca: authority }),
    ...(identity === undefined ? {} : { cert: identity.certificate, key: identity.privateKey }),
    servername: serverName ?? "",
    ALPNProtocols: [...(options.alpn ?? [alpn])],
    rejectUnauthorized: verify !== "nothing",
    ...(verify === "name" ? {} : { checkServerIdentity: () => undefined }),
  });
}

/** The handshake of a socket that has done it, or null for one in cleartext. */
export function tlsSession(socket: Socket): TlsSession | null {
  return isSecured(socket) ? sessionOf(socket) : null;
}

function isSecured(socket: Socket): socket is TLSSocket {
  return "encrypted" in socket;
}

function sessionOf(socket: TLSSocket): TlsSession {
  const certificate = socket.getPeerX509Certificate();
  return {
    version: socket.getProtocol() ?? "",
    alpn: socket.alpnProtocol || null,
    serverName: socket.servername || null,
    peer: certificate === undefined ? null : peerCertificate(certificate),
  };
}
