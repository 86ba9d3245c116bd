import { X509Certificate } from "node:crypto";
import { peerCertificate } from "../certificates/peer-certificate.ts";
import { HarnessError } from "../errors.ts";
import { HeaderList } from "../header-list.ts";
import { Http3Process, type Http3Answer, type Http3Fields } from "../http3/process.ts";
import { requireHttp3 } from "../http3/program.ts";
import { receivedResponse, type OutgoingRequest, type ReceivedResponse } from "../message.ts";
import { bodyLength, withoutPseudo } from "../raw-headers.ts";
import { brokenOff, tlsRefused } from "./broken-off.ts";
import type { RequestClient } from "./request-client.ts";
import type { ClientTarget, TlsSession } from "./target.ts";

/**
 * Sends requests over HTTP/3, all on one connection that is kept, through a program in Python. Refused with
 * `http3_not_available` where that cannot run.
 */
export class Http3Client implements RequestClient {
  private readonly target: ClientTarget;
  private connection: Promise<Http3Process> | null = null;
  private opened: Http3Process | null = null;
  private handshake: TlsSession | null = null;

  /** Without `tls` Node's own authorities are trusted, for HTTP/3 has no cleartext. */
  constructor(target: ClientTarget) {
    this.target = target;
    if (target.tls?.verify !== "authority") return;
    throw new HarnessError(
      "unsupported",
      'the HTTP/3 client cannot leave only the name out: let verify be "name" or "nothing"',
    );
  }

  get tls(): TlsSession | null {
    return this.handshake;
  }

  async send(request: OutgoingRequest, signal?: AbortSignal): Promise<ReceivedResponse> {
    refuseUnsendable(request);
    const connection = await this.connected();
    return received(await connection.send(requestLine(request), signal));
  }

  reconnect(): void {
    const { connection } = this;
    this.connection = this.opened = null;
    connection?.then((opened) => opened[Symbol.dispose]()).catch(() => undefined); // whoever waits for it hears of it
  }

  [Symbol.dispose](): void {
    this.reconnect();
  }

  /** The connection that is kept, unless it has ended. */
  private connected(): Promise<Http3Process> {
    if (this.connection !== null && this.opened?.hasEnded !== true) return this.connection;
    this.opened?.[Symbol.dispose]();
    this.opened = null;
    this.connection = this.connect();
    this.connection.catch(() => (this.connection = null));
    return this.connection;
  }

  private async connect(): Promise<Http3Process> {
    await requireHttp3();
    const { host = "127.0.0.1", port, localAddress = null, tls = {} } = this.target;
    const { authority = null, serverName = null, identity = null, alpn = null, verify } = tls;
    const secrets = { authority, serverName, identity, alpn, verify: verify !== "nothing" };
    const connection = new Http3Process({ host, port, localAddress, ...secrets });
    const opened = await connection.opened;
    const { alpn: agreed = null, certificate = "" } = opened;
    if (opened.error !== undefined) {
      connection[Symbol.dispose]();
      throw failure(opened, "it was open");
    }
    this.opened = connection;
    const peer = peerCertificate(new X509Certificate(certificate));
    this.handshake = { version: "TLSv1.3", alpn: agreed, serverName, peer };
    return connection;
  }
}

function requestLine(request: OutgoingRequest): {
  headers: Http3Fields;
  chunks: string[];
  trailers: Http3Fields;
} {
  const length = bodyLength(request);
  const headers = HeaderList.from([
    [":method", request.method],
    [":scheme", "https"],
    [":authority", request.authority],
    [":path", request.path],
    ...request.headers,
    ...(length === null ? [] : ([["content-length", length]] as const)),
  ]);
  const chunks = request.chunks.map((chunk) => Buffer.from(chunk).toString("base64"));
  return { headers: encoded(headers), chunks, trailers: encoded(request.trailers) };
}

function received(answer: Http3Answer): ReceivedResponse {
  if (answer.error !== undefined) throw failure(answer, "a response");
  const fields = decoded(answer.headers);
  return receivedResponse({
    status: Number(fields.get(":status")),
    headers: withoutPseudo(fields),
    body: new Uint8Array(Buffer.from(answer.body ?? "", "base64")),
    trailers: decoded(answer.trailers),
  });
}

/** `before` is what has not come. */
function failure(
  { error = "", isOfTls, status, received: byteLength }: Http3Answer,
  before: string,
): HarnessError {
  const cause = new Error(error);
  if (isOfTls === true) return tlsRefused(cause);
  if (status == null) return brokenOff(cause, before);
  const message = `the response was cut short: status ${status}, then ${byteLength} bytes of the body (${error})`;
  return new HarnessError("internal", message, { cause });
}

function encoded(list: HeaderList): Http3Fields {
  return [...list].map(([name, value]) => [
    Buffer.from(name).toString("base64"),
    Buffer.from(value).toString("base64"),
  ]);
}

function decoded(fields: Http3Fields = []): HeaderList {
  return HeaderList.from(
    fields.map(([name, value]) => [
      Buffer.from(name, "base64").toString(),
      new Uint8Array(Buffer.from(value, "base64")),
    ]),
  );
}

const token = /^[!#$%&'*+.^_`|~0-9a-z-]+$/;

function refuseUnsendable({ method, path, headers, trailers, metadata }: OutgoingRequest): void {
  if (metadata.size > 0)
    throw new HarnessError("unsupported", "METADATA is a frame of HTTP/2, which HTTP/3 lacks: leave it out");
  const bad = [...headers, ...trailers].find(([name]) => !token.test(name));
  if (bad === undefined) return;
  const message = `${method} ${path} cannot be sent over HTTP/3: ${JSON.stringify(bad[0])} is no name of a field`;
  throw new HarnessError("invalid_input", message);
}
