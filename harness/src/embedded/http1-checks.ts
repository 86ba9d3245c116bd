import { isFieldName, isFieldValue } from "../sendable.ts";
import { HeaderList, type InTurn } from "../header-list.ts";
import type { OutgoingRequest } from "../message.ts";
import { textOf } from "../octets.ts";
import { framing } from "../raw-headers.ts";
import { errorReply, type LocalReply } from "./local-reply.ts";

// What Envoy's HTTP/1 codec says of a request's fields: of a client's before any filter sees them, of an upstream's at the end.

/** Envoy's `max_request_headers_kb`. */
const maxByteLength = 60 << 10;
/** Envoy's `max_headers_count`, of what a client sends. */
const maxCount = 100;
/** Fewer names than so many may stand in `connection`. */
const maxNominated = 10;

/** What the connection, and not a field of the message, is meant by. */
const options: ReadonlySet<string> = new Set(["close", "http2-settings", "keep-alive", "upgrade"]);
const neverNominated = /^(:.*|x-forwarded-(for|host|proto))$/;

/** The reply to a request that no filter sees; null to all others. */
export function clientRefusal(request: OutgoingRequest): LocalReply | null {
  const { byteLength, count } = measured(request);
  if (byteLength > maxByteLength)
    return errorReply(431, "Request Header Fields Too Large", "http1.headers_too_large");
  if (count > maxCount) return errorReply(431, "Request Header Fields Too Large", "http1.too_many_headers");
  const fault = targetFault(request);
  if (fault !== null) return fault;
  const nominated = nominatedIn(request.headers);
  const isForbidden = nominated.length >= maxNominated || nominated.some((name) => neverNominated.test(name));
  return isForbidden ? errorReply(400, "Bad Request", "http1.connection_header_rejected") : null;
}

/** As Envoy understands a target: a whole URL names the host, too, and what is empty is a slash, as Node's client sends it. */
export function inOriginForm(request: OutgoingRequest): OutgoingRequest {
  if (request.path.startsWith("/")) return request;
  const [, authority = request.authority, path = request.path] =
    /^https?:\/\/([^/?#]+)(.*)$/.exec(request.path) ?? [];
  return { ...request, authority, path: path === "" ? "/" : path };
}

/** A target as nearly all are: a path and a query without a fragment, in printable ASCII. */
const plainTarget = /^\/[!-"$-~]*$/;

/** The reply to a request of whose target Envoy makes no path; null where it makes one. */
function targetFault({ method, path }: OutgoingRequest): LocalReply | null {
  if (plainTarget.test(path) || method === "CONNECT") return null;
  if (path === "*")
    return method === "OPTIONS"
      ? errorReply(404, "", "absolute_path_rejected")
      : refusedTarget("http1.invalid_url");
  if (path.includes("\x7f")) return refusedTarget("http1.invalid_characters");
  if (/[^!-~]/.test(path) || !path.startsWith("/")) return refusedTarget("http1.codec_error");
  return path.includes("#") ? errorReply(400, "", "path_normalization_failed") : null;
}

function refusedTarget(details: string): LocalReply {
  return errorReply(400, "Bad Request", details);
}

/** What a client has sent of the message itself: its host is the authority, and `connection` takes away what it names. */
export function messageFields(headers: HeaderList): HeaderList {
  const nominated = nominatedIn(headers).filter((name) => !options.has(name) && name !== "te");
  if (nominated.length === 0 && headers.find("host") === null) return headers;
  return HeaderList.from([...headers].filter(([name]) => name !== "host" && !nominated.includes(name)));
}

const noNames: readonly string[] = [];

/** The names of fields that are for the connection alone, by the word of `connection`. */
function nominatedIn(headers: HeaderList): readonly string[] {
  if (headers.find("connection") === null) return noNames;
  return headers
    .all("connection")
    .flatMap((value) => value.split(","))
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== "");
}

/** What the router replies for its codec when filters have left a field that cannot be sent; null when they have not. */
export function upstreamRefusal({ inTurn }: HeaderList): LocalReply | null {
  for (let i = 0; i < inTurn.length; i += 2) {
    const [name = "", value = ""] = [inTurn[i], inTurn[i + 1]];
    if (!isFieldName(name, name.startsWith(":") ? 1 : 0))
      return removed(`invalid header name: ${escaped(name)}`);
    if (!isFieldValue(value)) return removed(`invalid header value for: ${escaped(name)}`);
  }
  return null;
}

/** As the client sends it: its host, and what says where the body ends, are fields as all others. */
function measured(request: OutgoingRequest): { readonly byteLength: number; readonly count: number } {
  const { inTurn } = request.headers;
  const framed = framing(request);
  const kept = request.headers.find("connection") === null ? keepAlive : [];
  const fieldBytes = byteLengthOf(inTurn) + byteLengthOf(framed) + byteLengthOf(kept);
  return {
    byteLength: request.path.length + request.authority.length + fieldBytes,
    count: 1 + (inTurn.length + framed.length + kept.length) / 2,
  };
}

const keepAlive: InTurn = ["connection", "keep-alive"];

function byteLengthOf(fields: InTurn): number {
  let sum = 0;
  for (const octets of fields) sum += octets.length;
  return sum;
}

function removed(message: string): LocalReply {
  const details = message.replaceAll(/\s/g, "_");
  return errorReply(503, message, `filter_removed_required_request_headers{${details}}`);
}

/** As C writes it. */
function escaped(name: string): string {
  return textOf(name).replaceAll("\r", "\\r").replaceAll("\n", "\\n").replaceAll("\t", "\\t");
}
