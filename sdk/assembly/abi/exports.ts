// The callbacks of proxy-wasm ABI 0.2.1, under their own names. The entry that the transform generates re-exports those
// that every module needs and those that its filters override.
import {
  endGrpcOf,
  grpcClosed,
  grpcInitialMetadata,
  grpcMessage,
  grpcTrailingMetadata,
} from "../grpc/callbacks";
import { httpCallAnswered } from "../http-calls";
import { connection } from "../refusals/misplaced";
import {
  anyStream,
  configurePlugin,
  createContext,
  deleteContext,
  queueReady,
  stream,
  tickPlugin,
} from "../plugin";
import { endPlugin, logAsPlugin } from "../plugin/callbacks";
import { workerQueueReady } from "../workers";
import { allocate } from "./memory";
import { Action, HeadersVerdict, Peer } from "./types";

export function proxy_abi_version_0_2_1(): void {}

/** That the plugin's configuration in Envoy must allow a filter to hold headers while it is shown the body. */
export function envoy_allow_on_headers_stop_iteration(): void {}

export function malloc(length: usize): usize {
  return allocate(length);
}

export function proxy_on_context_create(contextId: u32, parentContextId: u32): void {
  createContext(contextId, parentContextId);
}

export function proxy_on_configure(pluginContextId: u32, configurationLength: i32): bool {
  return configurePlugin(pluginContextId, configurationLength);
}

export function proxy_on_tick(pluginContextId: u32): void {
  tickPlugin(pluginContextId);
}

export function proxy_on_queue_ready(pluginContextId: u32, token: u32): void {
  queueReady(pluginContextId, token);
}

/** `proxy_on_queue_ready` of a module with a `WorkerGauge`. */
export function proxy_on_queue_ready_with_workers(pluginContextId: u32, token: u32): void {
  if (!workerQueueReady(pluginContextId, token)) queueReady(pluginContextId, token);
}

export function proxy_on_request_headers(contextId: u32, fieldCount: u32, endOfStream: bool): HeadersVerdict {
  const open = stream(contextId);
  return open === null ? HeadersVerdict.Continue : open.dispatchRequestHeaders(endOfStream);
}

export function proxy_on_request_body(contextId: u32, length: i32, endOfStream: bool): Action {
  const open = stream(contextId);
  return open === null ? Action.Continue : open.dispatchRequestBody(length, endOfStream);
}

export function proxy_on_request_trailers(contextId: u32, fieldCount: u32): Action {
  const open = stream(contextId);
  return open === null ? Action.Continue : open.dispatchRequestTrailers();
}

export function proxy_on_request_metadata(contextId: u32, count: u32): Action {
  const open = stream(contextId);
  if (open !== null) open.dispatchRequestMetadata(count);
  return Action.Continue;
}

export function proxy_on_response_headers(
  contextId: u32,
  fieldCount: u32,
  endOfStream: bool,
): HeadersVerdict {
  const open = stream(contextId);
  return open === null ? HeadersVerdict.Continue : open.dispatchResponseHeaders(endOfStream);
}

export function proxy_on_response_body(contextId: u32, length: i32, endOfStream: bool): Action {
  const open = stream(contextId);
  return open === null ? Action.Continue : open.dispatchResponseBody(length, endOfStream);
}

export function proxy_on_response_trailers(contextId: u32, fieldCount: u32): Action {
  const open = stream(contextId);
  return open === null ? Action.Continue : open.dispatchResponseTrailers();
}

export function proxy_on_response_metadata(contextId: u32, count: u32): Action {
  const open = stream(contextId);
  if (open !== null) open.dispatchResponseMetadata(count);
  return Action.Continue;
}

export function proxy_on_http_call_response(
  pluginContextId: u32,
  token: u32,
  headerCount: i32,
  bodyLength: i32,
  trailerCount: i32,
): void {
  httpCallAnswered(pluginContextId, token, headerCount, bodyLength);
}

export function proxy_on_grpc_receive_initial_metadata(
  pluginContextId: u32,
  token: u32,
  fieldCount: i32,
): void {
  grpcInitialMetadata(pluginContextId, token, fieldCount);
}

export function proxy_on_grpc_receive(pluginContextId: u32, token: u32, length: i32): void {
  grpcMessage(pluginContextId, token, length);
}

export function proxy_on_grpc_receive_trailing_metadata(
  pluginContextId: u32,
  token: u32,
  fieldCount: i32,
): void {
  grpcTrailingMetadata(pluginContextId, token);
}

export function proxy_on_grpc_close(pluginContextId: u32, token: u32, status: i32): void {
  grpcClosed(pluginContextId, token, status);
}

export function proxy_on_new_connection(contextId: u32): Action {
  const open = connection(contextId);
  return open === null ? Action.Continue : open.dispatchNewConnection();
}

export function proxy_on_downstream_data(contextId: u32, length: i32, endOfStream: bool): Action {
  const open = connection(contextId);
  return open === null ? Action.Continue : open.dispatchDownstreamData(length, endOfStream);
}

export function proxy_on_upstream_data(contextId: u32, length: i32, endOfStream: bool): Action {
  const open = connection(contextId);
  return open === null ? Action.Continue : open.dispatchUpstreamData(length, endOfStream);
}

export function proxy_on_downstream_connection_close(contextId: u32, peer: Peer): void {
  const open = connection(contextId);
  if (open !== null) open.dispatchDownstreamClose(peer);
}

export function proxy_on_upstream_connection_close(contextId: u32, peer: Peer): void {
  const open = connection(contextId);
  if (open !== null) open.dispatchUpstreamClose(peer);
}

export function proxy_on_log(contextId: u32): void {
  const open = anyStream(contextId);
  if (open !== null) open.dispatchLog();
}

export function proxy_on_done(contextId: u32): bool {
  const open = anyStream(contextId);
  if (open !== null) open.dispatchDone();
  return true;
}

/** `proxy_on_log` of a module with access loggers: Envoy calls it with the number of the plugin, not of a stream. */
export function plugin_on_log(contextId: u32): void {
  if (!logAsPlugin(contextId)) proxy_on_log(contextId);
}

/** `proxy_on_done` of a module with a plugin that wants to know of its own end. */
export function plugin_on_done(contextId: u32): bool {
  return endPlugin(contextId) && proxy_on_done(contextId);
}

export function proxy_on_delete(contextId: u32): void {
  deleteContext(contextId);
}

/** `proxy_on_delete` of a module that makes gRPC calls. */
export function proxy_on_delete_with_grpc(contextId: u32): void {
  endGrpcOf(contextId);
  deleteContext(contextId);
}
