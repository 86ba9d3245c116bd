import type { HeaderList } from "../header-list.ts";
import { HeaderMapType, type GuestContext } from "./context.ts";
import type { HttpStream } from "./http-stream.ts";

/** Envoy's response flags of what this backend does: UF and UC of a lost upstream, UT, NR, DC. */
const flags: Readonly<Record<string, bigint>> = {
  "upstream_reset_before_response_started{connection_termination}": 1n << 6n,
  response_timeout: 1n << 2n,
  route_not_found: 1n << 8n,
  downstream_remote_disconnect: 1n << 14n,
};

/** What gRPC makes of an HTTP status ("HTTP to gRPC Status Code Mapping"); others are 2, unknown. */
const grpcStatuses: Readonly<Record<number, bigint>> = {
  400: 13n,
  401: 16n,
  403: 7n,
  404: 12n,
  429: 14n,
  502: 14n,
  503: 14n,
  504: 14n,
};

/** Why a response is not the upstream's, or not whole, as bits. */
export function responseFlags({ responseDetails }: HttpStream): bigint {
  return flags[responseDetails ?? ""] ?? 0n;
}

/** The gRPC status of a response where a context can read it, else what its status stands for; null while there is none. */
export function grpcStatus(context: GuestContext, stream: HttpStream): bigint | null {
  const trailers = context.readableFields(HeaderMapType.ResponseTrailers);
  const headers = context.readableFields(HeaderMapType.ResponseHeaders);
  const text = trailers?.get("grpc-status") ?? headers?.get("grpc-status") ?? null;
  if (text !== null) return /^\d+$/.test(text) ? BigInt(text) : null;
  const status = stream.responseStatus;
  return status === null ? null : (grpcStatuses[Number(status)] ?? 2n);
}

/** How many bytes the names and values of a map have. */
export function fieldsLength(fields: HeaderList): bigint {
  let length = 0;
  for (const octets of fields.inTurn) length += octets.length;
  return BigInt(length);
}
