import http, { type ClientRequest, type IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { HarnessError } from "../errors.ts";
import type { HeaderList } from "../header-list.ts";
import { receivedResponse, type OutgoingRequest, type ReceivedResponse } from "../message.ts";
import { framing, fromRaw, latin1, toPairs, toRaw } from "../raw-headers.ts";
import { refuseUnsendable } from "../sendable.ts";
import { brokenOff } from "./broken-off.ts";
import type { RequestClient } from "./request-client.ts";
import { openSocket, tlsSession, type ClientTarget, type TlsSession } from "./target.ts";

const maxHeaderSize = 16 * 1024 * 1024;
const methodsWithBody: ReadonlySet<string> = new Set(["POST", "PUT", "PATCH"]);

/** Sends requests over HTTP/1.1, byte for byte, on connections that are kept. */
export class Http1Client implements RequestClient {
  private readonly target: ClientTarget;
  private agent: TargetAgent;

  constructor(target: ClientTarget) {
    this.target = target;
    this.agent = new TargetAgent(target);
  }

  get tls(): TlsSession | null {
    return this.agent.tls;
  }

  /**
   * Resolves with the whole response. Refused with `invalid_input` when HTTP/1.1 cannot carry the request, and with
   * `internal` when the connection is closed before the response is complete.
   */
  async send(request: OutgoingRequest, signal?: AbortSignal): Promise<ReceivedResponse> {
    const outgoing = this.open(request, signal);
    return readResponse(await responseTo(outgoing, request.chunks));
  }

  reconnect(): void {
    this.agent.destroy();
    this.agent = new TargetAgent(this.target);
  }

  [Symbol.dispose](): void {
    this.agent.destroy();
  }

  private open(request: OutgoingRequest, signal?: AbortSignal): ClientRequest {
    const { method } = request;
    refuseMetadata(request.metadata);
    const emptyLength = methodsWithBody.has(method) ? ["content-length", "0"] : [];
    const headers = [
      "host",
      latin1(request.authority),
      ...toRaw(request.headers),
      ...framing(request, emptyLength),
    ];
    const line = { method, path: latin1(request.path), setHost: false };
    refuseUnsendable(request);
    try {
      const outgoing = http.request({
        ...line,
        headers,
        agent: this.agent,
        maxHeaderSize,
        ...abortedBy(signal),
      });
      outgoing.maxHeadersCount = 0;
      if (request.trailers.size > 0) outgoing.addTrailers(toPairs(request.trailers));
      return outgoing;
    } catch (cause) {
      const message = `${method} ${request.path} cannot be sent over HTTP/1.1: ${(cause as Error).message}`;
      throw new HarnessError("invalid_input", message, { cause });
    }
  }
}

/** Keeps connections to one target. */
class TargetAgent extends http.Agent {
  /** Of the connection that was opened last; null in cleartext. */
  tls: TlsSession | null = null;
  private readonly target: ClientTarget;

  constructor(target: ClientTarget) {
    super({ keepAlive: true });
    this.target = target;
  }

  override createConnection(): Socket {
    const socket = openSocket(this.target, "http/1.1");
    socket.once("secureConnect", () => (this.tls = tlsSession(socket)));
    return socket;
  }
}

function abortedBy(signal: AbortSignal | undefined): { signal?: AbortSignal } {
  return signal === undefined ? {} : { signal };
}

function refuseMetadata(metadata: HeaderList): void {
  if (metadata.size === 0) return;
  throw new HarnessError("unsupported", "METADATA is a frame of HTTP/2, which HTTP/1.1 lacks: leave it out");
}

/** Resolves with the head of the response, which may come before the request is sent completely. */
function responseTo(outgoing: ClientRequest, chunks: readonly Uint8Array[]): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    outgoing.once("response", resolve);
    // stays for the whole request: after an early response the rest of the body may not be taken any more
    outgoing.on("error", (cause) => reject(brokenOff(cause, "a response")));
    void writeBody(outgoing, chunks);
  });
}

/** One chunk is written when the one before has left, so that the proxy can see them apart. */
async function writeBody(outgoing: ClientRequest, chunks: readonly Uint8Array[]): Promise<void> {
  for (const chunk of chunks) {
    await new Promise<void>((resolve) => outgoing.write(chunk, () => resolve()));
  }
  outgoing.end();
}

async function readResponse(response: IncomingMessage): Promise<ReceivedResponse> {
  const chunks: Uint8Array[] = [];
  try {
    for await (const chunk of response) chunks.push(chunk as Uint8Array);
  } catch (cause) {
    throw cutShort(response, Buffer.concat(chunks), cause);
  }
  return receivedResponse({
    status: response.statusCode ?? 0,
    headers: fromRaw(response.rawHeaders),
    body: new Uint8Array(Buffer.concat(chunks)),
    trailers: fromRaw(response.rawTrailers),
  });
}

function cutShort(response: IncomingMessage, body: Uint8Array, cause: unknown): HarnessError {
  const length = response.headers["content-length"];
  const of = length === undefined ? "" : ` of ${length}`;
  return new HarnessError(
    "internal",
    `the response was cut short: status ${response.statusCode}, then ${body.byteLength}${of} bytes of the body`,
    { cause },
  );
}
