import type { ServerHttp2Stream } from "node:http2";
import { http2ErrorCode, type Http2Error } from "../http2-errors.ts";
import type { ReceivedRequest, StreamedResponse } from "../message.ts";
import { bodyLength, fromRaw, toHttp2, toRaw, withoutPseudo } from "../raw-headers.ts";
import { HeaderList } from "../header-list.ts";
import type { Exchange } from "./exchange.ts";

/** Reads a request to its end; one that is broken off is not dealt with. */
export function receiveHttp2(
  stream: ServerHttp2Stream,
  rawHeaders: readonly string[],
  receive: (exchange: Exchange) => void,
): void {
  const body: Uint8Array[] = [];
  let trailers = new HeaderList();
  stream.on("data", (chunk: Uint8Array) => body.push(chunk));
  stream.on(
    "trailers",
    (_fields: unknown, _flags: number, raw?: string[]) => (trailers = fromRaw(raw ?? [])),
  );
  stream.on("error", () => undefined); // the client's reset
  stream.on("end", () => {
    if (stream.aborted) return;
    const request = received(fromRaw(rawHeaders), new Uint8Array(Buffer.concat(body)));
    receive(new Http2Exchange({ ...request, trailers }, stream));
  });
}

function received(fields: HeaderList, body: Uint8Array): Omit<ReceivedRequest, "trailers"> {
  return {
    method: fields.get(":method") ?? "",
    path: fields.get(":path") ?? "",
    authority: fields.get(":authority") ?? fields.get("host") ?? "",
    headers: withoutPseudo(fields),
    body,
  };
}

/** Nothing is added to a response but `content-length`, where HTTP/1.1 has it too. */
class Http2Exchange implements Exchange {
  readonly request: ReceivedRequest;
  private readonly stream: ServerHttp2Stream;

  constructor(request: ReceivedRequest, stream: ServerHttp2Stream) {
    this.request = request;
    this.stream = stream;
  }

  async answer(answer: StreamedResponse): Promise<void> {
    if (this.isGone) return;
    const { trailers } = answer;
    this.begin(answer, trailers.size > 0);
    this.stream.on("wantTrailers", () => this.stream.sendTrailers(toHttp2(trailers)));
    await this.write(answer);
    this.stream.end();
  }

  async breakOff(part: StreamedResponse | null, streamError: Http2Error): Promise<void> {
    if (this.isGone) return;
    if (part !== null) {
      this.begin(part, true); // trailers that never come: otherwise node:http2 ends the stream before it resets it
      await this.write(part);
    }
    this.stream.close(http2ErrorCode(streamError));
  }

  close(): void {
    this.stream.session?.destroy();
  }

  private get isGone(): boolean {
    return this.stream.destroyed || this.stream.aborted;
  }

  private begin(response: StreamedResponse, waitForTrailers: boolean): void {
    const length = bodyLength(response);
    const fields = [
      ...[":status", String(response.status), ...toRaw(response.headers)],
      ...(length === null ? [] : ["content-length", length]),
    ];
    this.stream.respond(fields, { waitForTrailers, ...withoutDate });
  }

  private async write({ chunks }: StreamedResponse): Promise<void> {
    for await (const chunk of chunks) {
      if (this.isGone) return;
      await new Promise<void>((resolve) => this.stream.write(chunk, () => resolve()));
    }
  }
}

/** Known to node:http2, and not to its types. */
const withoutDate = { sendDate: false };
