import type { IncomingMessage, ServerResponse } from "node:http";
import type { ReceivedRequest, StreamedResponse } from "../message.ts";
import { framing, fromRaw, toPairs, toRaw } from "../raw-headers.ts";
import type { Exchange } from "./exchange.ts";

/** Reads a request to its end; one that is broken off is not dealt with. */
export function receiveHttp1(
  request: IncomingMessage,
  response: ServerResponse,
  receive: (exchange: Exchange) => void,
): void {
  const body: Uint8Array[] = [];
  request.on("data", (chunk: Uint8Array) => body.push(chunk));
  request.on("end", () => receive(new Http1Exchange(receivedHttp1(request, Buffer.concat(body)), response)));
}

/** A request of HTTP/1.1, as a test reads it. */
export function receivedHttp1(request: IncomingMessage, body: Uint8Array): ReceivedRequest {
  const headers = fromRaw(request.rawHeaders);
  const authority = headers.get("host") ?? "";
  headers.remove("host");
  return {
    method: request.method ?? "",
    path: request.url ?? "",
    authority,
    headers,
    body: new Uint8Array(body),
    trailers: fromRaw(request.rawTrailers),
  };
}

/** Nothing is added to a response but what says where the body ends: no Date, no Connection. */
class Http1Exchange implements Exchange {
  readonly request: ReceivedRequest;
  private readonly response: ServerResponse;

  constructor(request: ReceivedRequest, response: ServerResponse) {
    this.request = request;
    this.response = response;
  }

  async answer(answer: StreamedResponse): Promise<void> {
    const isBodiless = answer.status === 204 || answer.status === 304;
    this.begin(answer, framing(answer, isBodiless ? [] : ["content-length", "0"]));
    const sent = await this.write(answer);
    this.response.addTrailers(toPairs(answer.trailers));
    const isCutShort = this.request.method !== "HEAD" && promised(answer) > sent;
    this.response.end(() => isCutShort && this.response.socket?.end()); // otherwise the proxy waits for the rest
  }

  async breakOff(part: StreamedResponse | null): Promise<void> {
    if (part === null) return void this.response.socket?.resetAndDestroy();
    this.begin(part, promised(part) > 0 ? [] : ["transfer-encoding", "chunked"]);
    this.response.flushHeaders();
    await this.write(part);
    this.response.write("", () => this.response.socket?.end());
  }

  close(): void {
    this.response.destroy();
  }

  private begin({ status, headers }: StreamedResponse, frame: readonly string[]): void {
    this.response.sendDate = false;
    this.response.removeHeader("connection");
    this.response.writeHead(status, [...toRaw(headers), ...frame]);
  }

  /** Resolves with the number of bytes; chunks that are there already are written at once, but for those that a test cuts. */
  private async write({ chunks, cut }: StreamedResponse): Promise<number> {
    let byteLength = 0;
    for await (const chunk of chunks) {
      byteLength += chunk.byteLength;
      if (Array.isArray(chunks) && cut === undefined) this.response.write(chunk);
      else await new Promise<void>((resolve) => this.response.write(chunk, () => resolve()));
      if (this.response.destroyed) break;
    }
    return byteLength;
  }
}

function promised({ headers }: StreamedResponse): number {
  return Number(headers.get("content-length") ?? 0);
}
