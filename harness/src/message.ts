import { BodyChunks } from "./body-chunks.ts";
import { HeaderList, type HeadersInput } from "./header-list.ts";
import { bytesIn } from "./octets.ts";

/**
 * A body. Text is sent as UTF-8; an array is sent as one chunk an element, but for empty ones.
 *
 * @category Send and receive
 */
export type BodyInput = string | Uint8Array | ReadonlyArray<string | Uint8Array> | BodyChunks;

/**
 * A body that is sent piece by piece, as the pieces come; the embedded backend takes it as a whole.
 *
 * @category Program the upstream
 */
export type BodyStream = AsyncIterable<string | Uint8Array>;

/**
 * What a test sends.
 *
 * @category Send and receive
 */
export interface RequestInput {
  /** Default GET. */
  method?: string;
  /** The request target, sent as it is written: no normalisation. Default "/". */
  path?: string;
  /** The Host of the request. Default "localhost". */
  authority?: string;
  /** Default none. Sent in this order, beside what HTTP itself needs. */
  headers?: HeadersInput;
  /** Default none. One piece is sent with `content-length`, several are sent chunked. */
  body?: BodyInput;
  /** Default none. With trailers the body is sent chunked. */
  trailers?: HeadersInput;
  /**
   * One map of HTTP/2 METADATA, which follows the headers; default none. A real Envoy, which is spoken to by HTTP/1.1,
   * refuses it with `unsupported`: `needs: ["http2-metadata"]`.
   */
  metadata?: HeadersInput;
}

/**
 * What an upstream answers; everything has a default, so that `{}` is an empty 200.
 *
 * @category Program the upstream
 */
export interface ResponseInput {
  /** Default 200. */
  status?: number;
  /** Default none. */
  headers?: HeadersInput;
  /** Default none. One piece is sent with `content-length`, several and a stream are sent chunked. */
  body?: BodyInput | BodyStream;
  /** Default none. With trailers the body is sent chunked. */
  trailers?: HeadersInput;
  /** As a request's. */
  metadata?: HeadersInput;
  /** How long the upstream takes before it answers. Default 0. In the embedded backend the clock jumps over it. */
  delayMs?: number;
}

/** A request as a backend sends it: nothing left to default. */
export interface OutgoingRequest {
  readonly method: string;
  readonly path: string;
  readonly authority: string;
  readonly headers: HeaderList;
  readonly chunks: readonly Uint8Array[];
  readonly trailers: HeaderList;
  readonly metadata: HeaderList;
  /** How the body is cut, where the test says so: then it has no announced length. */
  readonly cut?: BodyChunks;
}

/** A response as an upstream sends it: nothing left to default. */
export interface OutgoingResponse {
  readonly status: number;
  readonly delayMs: number;
  readonly headers: HeaderList;
  readonly chunks: readonly Uint8Array[];
  readonly trailers: HeaderList;
  readonly metadata: HeaderList;
  /** As a request's. */
  readonly cut?: BodyChunks;
}

/** A response whose body may come while it is sent. */
export interface StreamedResponse extends Omit<OutgoingResponse, "chunks"> {
  readonly chunks: readonly Uint8Array[] | AsyncIterable<Uint8Array>;
}

/**
 * A request as the upstream received it, without connection-level fields (RFC 9110, section 7.6.1).
 *
 * @category Program the upstream
 */
export interface ReceivedRequest {
  /** The method, as it arrived. */
  readonly method: string;
  /** The request target, as it arrived. */
  readonly path: string;
  /** The Host field, which `headers` does not repeat. */
  readonly authority: string;
  /** The header fields in their order, names in lower case; the request line's own parts are not among them. */
  readonly headers: HeaderList;
  /** Empty when there was none. */
  readonly body: Uint8Array;
  /** The trailer fields; none when there were no trailers. */
  readonly trailers: HeaderList;
}

/**
 * A response as the client received it, without connection-level fields (RFC 9110, section 7.6.1).
 *
 * @category Send and receive
 */
export interface ReceivedResponse {
  /** The status code. */
  readonly status: number;
  /** The header fields in their order, names in lower case. */
  readonly headers: HeaderList;
  /** Empty when there was none. */
  readonly body: Uint8Array;
  /** The trailer fields; none when there were no trailers. */
  readonly trailers: HeaderList;
  /** The body as UTF-8 text. */
  text(): string;
}

/** Fields that belong to one connection and not to the message; the harness hides them on both sides. */
export const connectionFields: ReadonlySet<string> = new Set([
  "connection",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

export function outgoingRequest(input: RequestInput): OutgoingRequest {
  const request = {
    method: input.method ?? "GET",
    path: input.path ?? "/",
    authority: input.authority ?? "localhost",
    headers: HeaderList.from(input.headers),
    chunks: bodyChunks(input.body),
    trailers: HeaderList.from(input.trailers),
    metadata: HeaderList.from(input.metadata),
  };
  return input.body instanceof BodyChunks ? { ...request, cut: input.body } : request;
}

export function outgoingResponse(input: ResponseInput): StreamedResponse {
  const response = {
    status: input.status ?? 200,
    delayMs: input.delayMs ?? 0,
    headers: HeaderList.from(input.headers),
    chunks: isStream(input.body) ? streamedChunks(input.body) : bodyChunks(input.body),
    trailers: HeaderList.from(input.trailers),
    metadata: HeaderList.from(input.metadata),
  };
  return input.body instanceof BodyChunks ? { ...response, cut: input.body } : response;
}

/** The response once all of its body is there, which may be at once. */
export function wholeResponse(response: StreamedResponse): OutgoingResponse | Promise<OutgoingResponse> {
  return isWhole(response) ? response : collected(response);
}

function isWhole(response: StreamedResponse): response is OutgoingResponse {
  return Array.isArray(response.chunks);
}

async function collected(response: StreamedResponse): Promise<OutgoingResponse> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of response.chunks) chunks.push(chunk);
  return { ...response, chunks };
}

function isStream(body: ResponseInput["body"]): body is BodyStream {
  return typeof body === "object" && Symbol.asyncIterator in body;
}

async function* streamedChunks(body: BodyStream): AsyncGenerator<Uint8Array, void> {
  for await (const part of body) yield* bodyChunks(part);
}

export function receivedResponse(fields: Omit<ReceivedResponse, "text">): ReceivedResponse {
  return { ...fields, text: () => new TextDecoder().decode(fields.body) };
}

/** The body as the chunks in which it is sent; empty chunks are left out, for HTTP/1.1 has none, unless they are wanted. */
function bodyChunks(body?: BodyInput): readonly Uint8Array[] {
  if (body === undefined) return [];
  if (body instanceof BodyChunks) return body.chunks;
  const parts = typeof body === "string" || body instanceof Uint8Array ? [body] : body;
  return parts.filter((part) => part.length > 0).map(bytesIn);
}
