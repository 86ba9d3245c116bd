import type { HeaderList } from "../header-list.ts";
import type { BodyBuffer } from "./body-buffer.ts";
import type { HttpFilter } from "./http-filter.ts";
import type { HttpStream } from "./http-stream.ts";
import type { NetworkFilter } from "./network-filter.ts";
import type { RootContext } from "./root-context.ts";

/** Header maps by their numbers in the ABI (proxy-wasm specification, `proxy_header_map_type_t`). */
export const HeaderMapType = {
  RequestHeaders: 0,
  RequestTrailers: 1,
  ResponseHeaders: 2,
  ResponseTrailers: 3,
  GrpcReceiveInitialMetadata: 4,
  GrpcReceiveTrailingMetadata: 5,
  HttpCallResponseHeaders: 6,
  HttpCallResponseTrailers: 7,
} as const;

/** Buffers by their numbers in the ABI (`proxy_buffer_type_t`). */
export const BufferType = {
  HttpRequestBody: 0,
  HttpResponseBody: 1,
  DownstreamData: 2,
  UpstreamData: 3,
  HttpCallResponseBody: 4,
  GrpcReceiveBuffer: 5,
  VmConfiguration: 6,
  PluginConfiguration: 7,
  CallData: 8,
} as const;

/** What a guest sees behind a context id: a plugin, or one filter of one stream. */
export interface GuestContext {
  readonly id: number;
  readonly root: RootContext;
  /** The filter of a stream, or null for a plugin's own context. */
  readonly filter: HttpFilter | null;
  /** The stream whose properties can be read, or null. */
  readonly stream: HttpStream | null;
  /** The filter of a connection, or null for every other context. */
  readonly network: NetworkFilter | null;
  /** Whether it is told of a stream that is over, for the access log. */
  readonly isLogging: boolean;
  /** How Envoy names it in a log line: plugin's name, root_id and vm_id; a plugin's own context leaves out the name. */
  readonly logSource: string;
  /** A map that can be read in this phase, or null. */
  readableFields(type: number): HeaderList | null;
  /** A map that can be changed in this phase, or null. */
  mutableFields(type: number): HeaderList | null;
  /** A buffer that is there in this phase, or null. */
  buffer(type: number): BodyBuffer | null;
}
