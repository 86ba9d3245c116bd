/**
 * What each value is that crosses the ABI of proxy-wasm. A line is `parameters -> result`, and a parameter `name:type`:
 *
 * - one value: `number`, `long` (an i64), `size` and `offset` (of bytes), `count`, `context` (an id), `bool`, `pointer`, or an enum of `abi-enums.ts`;
 * - an address and a length: `bytes`, `path` (of a property), `pairs`, and `>room`, which the host fills;
 * - behind `>`, the addresses to which the host writes: of a `number` or a `long` one, of `bytes` and `pairs` two.
 *
 * A host call without a result here answers a `Status`, one of WASI an `Errno`, and a callback nothing. Sources: as `abi.ts`.
 */
export const hostCalls = {
  emscripten_notify_memory_growth: "memory:number -> none",
  envoy_resolve_dns: "address:bytes >token:number",
  proxy_add_header_map_value: "map:HeaderMapType key:bytes value:bytes",
  proxy_call_foreign_function: "name:bytes argument:bytes >answer:bytes",
  proxy_clear_route_cache: "",
  proxy_close_stream: "stream:StreamType",
  proxy_continue_request: "",
  proxy_continue_response: "",
  proxy_continue_stream: "stream:StreamType",
  proxy_define_metric: "type:MetricType name:bytes >metric:number",
  proxy_dequeue_shared_queue: "queue:number >message:bytes",
  proxy_done: "",
  proxy_enqueue_shared_queue: "queue:number message:bytes",
  proxy_get_buffer_bytes: "buffer:BufferType start:offset length:size >content:bytes",
  proxy_get_buffer_status: "buffer:BufferType >length:number >flags:number",
  proxy_get_configuration: ">configuration:bytes",
  proxy_get_current_time_nanoseconds: ">timeNanos:long",
  proxy_get_header_map_pairs: "map:HeaderMapType >fields:pairs",
  proxy_get_header_map_size: "map:HeaderMapType >size:number",
  proxy_get_header_map_value: "map:HeaderMapType key:bytes >value:bytes",
  proxy_get_log_level: ">level:LogLevel",
  proxy_get_metric: "metric:number >value:long",
  proxy_get_property: "path:path >value:bytes",
  proxy_get_shared_data: "key:bytes >value:bytes >cas:number",
  proxy_get_status: ">code:number >message:bytes",
  proxy_grpc_call:
    "service:bytes serviceName:bytes method:bytes metadata:pairs message:bytes timeoutMs:number >token:number",
  proxy_grpc_cancel: "token:number",
  proxy_grpc_close: "token:number",
  proxy_grpc_send: "token:number message:bytes endOfStream:bool",
  proxy_grpc_stream: "service:bytes serviceName:bytes method:bytes metadata:pairs >token:number",
  proxy_http_call: "cluster:bytes headers:pairs body:bytes trailers:pairs timeoutMs:number >token:number",
  proxy_increment_metric: "metric:number offset:long",
  proxy_log: "level:LogLevel message:bytes",
  proxy_record_metric: "metric:number value:long",
  proxy_register_shared_queue: "name:bytes >queue:number",
  proxy_remove_header_map_value: "map:HeaderMapType key:bytes",
  proxy_replace_header_map_value: "map:HeaderMapType key:bytes value:bytes",
  proxy_resolve_shared_queue: "vmId:bytes name:bytes >queue:number",
  proxy_send_local_response: "status:number details:bytes body:bytes headers:pairs grpcStatus:number",
  proxy_set_buffer_bytes: "buffer:BufferType start:offset length:size content:bytes",
  proxy_set_effective_context: "context:context",
  proxy_set_header_map_pairs: "map:HeaderMapType fields:pairs",
  proxy_set_property: "path:path value:bytes",
  proxy_set_shared_data: "key:bytes value:bytes cas:number",
  proxy_set_tick_period_milliseconds: "periodMs:number",
  pthread_equal: "one:number other:number -> number",
} as const;

/** The functions of WASI preview 1. Most of what they point to is of no interest to filters. */
export const wasiCalls = {
  args_get: "argv:pointer buffer:pointer",
  args_sizes_get: ">count:number >size:number",
  clock_res_get: "clock:ClockId >resolution:long",
  clock_time_get: "clock:ClockId precision:long >timeNanos:long",
  environ_get: "environ:pointer buffer:pointer",
  environ_sizes_get: ">count:number >size:number",
  fd_advise: "fd:number offset:long length:long advice:number",
  fd_allocate: "fd:number offset:long length:long",
  fd_close: "fd:number",
  fd_datasync: "fd:number",
  fd_fdstat_get: "fd:number stat:pointer",
  fd_fdstat_set_flags: "fd:number flags:number",
  fd_fdstat_set_rights: "fd:number base:long inheriting:long",
  fd_filestat_get: "fd:number stat:pointer",
  fd_filestat_set_size: "fd:number size:long",
  fd_filestat_set_times: "fd:number accessed:long modified:long flags:number",
  fd_pread: "fd:number iovs:pointer iovCount:number offset:long >read:number",
  fd_prestat_dir_name: "fd:number >path:room",
  fd_prestat_get: "fd:number stat:pointer",
  fd_pwrite: "fd:number iovs:pointer iovCount:number offset:long >written:number",
  fd_read: "fd:number iovs:pointer iovCount:number >read:number",
  fd_readdir: "fd:number >entries:room cookie:long >used:number",
  fd_renumber: "fd:number to:number",
  fd_seek: "fd:number offset:long whence:number >position:long",
  fd_sync: "fd:number",
  fd_tell: "fd:number >position:long",
  fd_write: "fd:number iovs:pointer iovCount:number >written:number",
  path_create_directory: "fd:number path:bytes",
  path_filestat_get: "fd:number flags:number path:bytes stat:pointer",
  path_filestat_set_times: "fd:number lookup:number path:bytes accessed:long modified:long flags:number",
  path_link: "fd:number flags:number path:bytes newFd:number newPath:pointer",
  path_open:
    "fd:number lookup:number path:bytes flags:number base:long inheriting:long fdFlags:number >opened:number",
  path_readlink: "fd:number path:bytes >target:room >used:number",
  path_remove_directory: "fd:number path:bytes",
  path_rename: "fd:number path:bytes newFd:number newPath:bytes",
  path_symlink: "target:bytes fd:number path:pointer",
  path_unlink_file: "fd:number path:bytes",
  poll_oneoff: "subscriptions:pointer events:pointer count:number >happened:number",
  proc_exit: "code:number -> none",
  random_get: ">bytes:room",
  sched_yield: "",
  sock_accept: "fd:number flags:number >accepted:number",
  sock_recv: "fd:number iovs:pointer iovCount:number flags:number >read:number >received:number",
  sock_send: "fd:number iovs:pointer iovCount:number flags:number >sent:number",
  sock_shutdown: "fd:number how:number",
} as const;

/** The callbacks; what else a module exports, its allocator for one, is not among them. */
export const callbacks = {
  envoy_on_resolve_dns: "context:context token:number resultSize:size",
  envoy_on_stats_update: "context:context resultSize:size",
  proxy_on_configure: "context:context configurationSize:size -> bool",
  proxy_on_context_create: "context:context parent:number",
  proxy_on_delete: "context:context",
  proxy_on_done: "context:context -> bool",
  proxy_on_downstream_connection_close: "context:context peer:PeerType",
  proxy_on_downstream_data: "context:context dataSize:size endOfStream:bool -> Action",
  proxy_on_foreign_function: "context:context function:number argumentSize:size",
  proxy_on_grpc_close: "context:context token:number grpcStatus:number",
  proxy_on_grpc_receive: "context:context token:number messageSize:size",
  proxy_on_grpc_receive_initial_metadata: "context:context token:number fields:count",
  proxy_on_grpc_receive_trailing_metadata: "context:context token:number fields:count",
  proxy_on_http_call_response: "context:context token:number headers:count bodySize:size trailers:count",
  proxy_on_log: "context:context",
  proxy_on_new_connection: "context:context -> Action",
  proxy_on_queue_ready: "context:context queue:number",
  proxy_on_request_body: "context:context bodySize:size endOfStream:bool -> BodyAction",
  proxy_on_request_headers: "context:context headers:count endOfStream:bool -> HeadersAction",
  proxy_on_request_metadata: "context:context fields:count -> Action",
  proxy_on_request_trailers: "context:context trailers:count -> Action",
  proxy_on_response_body: "context:context bodySize:size endOfStream:bool -> BodyAction",
  proxy_on_response_headers: "context:context headers:count endOfStream:bool -> HeadersAction",
  proxy_on_response_metadata: "context:context fields:count -> Action",
  proxy_on_response_trailers: "context:context trailers:count -> Action",
  proxy_on_tick: "context:context",
  proxy_on_upstream_connection_close: "context:context peer:PeerType",
  proxy_on_upstream_data: "context:context dataSize:size endOfStream:bool -> Action",
  proxy_on_vm_start: "context:context configurationSize:size -> bool",
  proxy_validate_configuration: "context:context configurationSize:size -> bool",
} as const;

type Calls = typeof hostCalls & typeof wasiCalls & typeof callbacks;

/**
 * A host call, by its name in the ABI.
 *
 * @category Read what happened
 */
export type HostCallName = keyof typeof hostCalls | keyof typeof wasiCalls;
/**
 * A callback of the guest, by its name in the ABI.
 *
 * @category Read what happened
 */
export type CallbackName = keyof typeof callbacks;
/**
 * Whatever crosses the ABI, by its name there.
 *
 * @category Read what happened
 */
export type CallName = HostCallName | CallbackName;

type ValueNameIn<Word extends string> = Word extends `>${infer Name}:${string}`
  ? Name
  : Word extends `${infer Name}:${string}`
    ? Name
    : never;
type ValueNamesIn<Line extends string> = Line extends `${infer Word} ${infer Rest}`
  ? ValueNameIn<Word> | ValueNamesIn<Rest>
  : ValueNameIn<Line>;

/**
 * The names of what a call is given, and of what the host writes.
 *
 * @category Read what happened
 */
export type ValueName<Name extends CallName> = ValueNamesIn<Calls[Name]>;
