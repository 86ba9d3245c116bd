import type { HostCall } from "./abi.ts";
import type { Argument, Step } from "./program.ts";

function calls(call: HostCall, ...arguments_: ReadonlyArray<readonly Argument[]>): Step[] {
  return arguments_.map((one) => ({ call, with: one }));
}

/** An address that is in no memory. */
const nowhere = 0xffff_fff0;

const maps = [0, 1, 2, 3, 4, 5, 6, 7, 8] as const;
/** Without 8, by which Envoy means whatever it has looked for last. */
const buffers = [0, 1, 2, 3, 4, 5, 6, 7, 9] as const;

/** Of request, response, connection and configuration, and what is none. */
export const propertyPaths = [
  ...["", "nothing", "request", "request\0nothing", "request\0path", "request\0url_path", "request\0query"],
  ...[
    "request\0host",
    "request\0scheme",
    "request\0method",
    "request\0referer",
    "request\0useragent",
    "request\0id",
  ],
  ...["request\0protocol", "request\0headers\0x-a", "request\0headers\0x-two", "request\0headers\0none"],
  ...["request\0headers_bytes", "request\0size", "request\0total_size"],
  ...["response\0code", "response\0code_details", "response\0flags", "response\0grpc_status"],
  ...["response\0headers\0x-up", "response\0trailers\0x-sum", "response\0headers_bytes", "response\0size"],
  ...["response\0total_size", "source\0address", "destination\0port\0more", "connection\0mtls"],
  ...["connection\0requested_server_name", "connection\0tls_version", "connection\0termination_details"],
  ...[
    "connection\0subject_peer_certificate",
    "upstream\0transport_failure_reason",
    "upstream\0num_endpoints",
  ],
  ...["upstream\0request_attempt_count", "xds\0cluster_name", "xds\0route_name", "xds\0virtual_host_name"],
  ...["xds\0listener_direction", "xds\0filter_chain_name", "xds\0node\0nothing", "node", "cluster_name"],
  ...["route_name", "listener_direction", "plugin_name", "plugin_root_id", "metadata\0filter_metadata\0none"],
  ...[
    "filter_state\0none",
    "filter_state",
    "upstream_filter_state",
    "upstream_filter_state\0none",
    "mine",
    "path\0",
  ],
  ...[
    "response",
    "source",
    "destination",
    "connection",
    "upstream",
    "xds",
    "metadata",
    "metadata\0filter_metadata",
  ],
  ...["source\0nothing", "response\0nothing", "upstream\0nothing", "xds\0nothing", "metadata\0nothing"],
  ...["connection\0nothing", "destination\0address\0more", "request\0path\0more", "request\0headers"],
  ...["request\0duration", "response\0backend_latency", "response\0headers\0none", "response\0trailers"],
  ...["upstream\0locality", "upstream\0cx_pool_ready_duration", "upstream\0tls_version", "xds\0node\0id"],
  ...[
    "xds\0cluster_metadata",
    "xds\0route_metadata",
    "xds\0virtual_host_metadata",
    "xds\0upstream_host_metadata",
  ],
  ...[
    "xds\0upstream_host_locality_metadata",
    "xds\0listener_metadata",
    "xds\0route_metadata\0filter_metadata",
  ],
  ...[
    "connection\0transport_failure_reason",
    "connection\0uri_san_peer_certificate",
    "connection\0sha256_peer_certificate_digest",
  ],
  ...["plugin_name\0more", "request\0headers\0x-a\0more", "xds\0cluster_name\0more", "response\0code\0more"],
];

const pairs = [
  [":method", "GET"],
  [":path", "/"],
  [":authority", "service"],
] as const;

/**
 * Host calls that change nothing for the stream in which they are made, by the chapters of the ABI: made in any callback,
 * they show what the host answers there.
 */
export const probes: Readonly<Record<string, readonly Step[]>> = {
  "reading fields": maps.flatMap((map) => [
    ...calls(
      "proxy_get_header_map_value",
      [map, "x-a"],
      [map, "X-TWO"],
      [map, "none"],
      [map, ""],
      [map, ":path"],
    ),
    ...calls("proxy_get_header_map_value", [map, ":status"], [map, "x-up"], [map, "x-sum"], [map, "x-empty"]),
    ...calls("proxy_get_header_map_value", [map, "x-raw"], [map, nowhere]),
    ...calls("proxy_get_header_map_pairs", [map]),
    ...(map === 2 || map === 6 ? [] : calls("proxy_get_header_map_size", [map])), // it has varying fields
  ]),
  "reading buffers": buffers.flatMap((buffer) => [
    ...calls("proxy_get_buffer_status", [buffer]),
    ...(buffer === 7 ? [] : calls("proxy_get_buffer_bytes", [buffer, 0, -1], [buffer, 1, 2], [buffer, 0, 0])),
    ...(buffer === 7 ? [] : calls("proxy_get_buffer_bytes", [buffer, 100, 1], [buffer, 2, 100])),
  ]),
  properties: propertyPaths.flatMap((path) => calls("proxy_get_property", [path])),
  "setting properties": [
    ...calls(
      "proxy_set_property",
      ["mine", "value"],
      ["", "value"],
      ["mine\0two", "x"],
      [nowhere, "x"],
      ["mine", nowhere],
    ),
    ...calls("proxy_get_property", ["mine"], ["filter_state\0wasm.mine"], ["mine\0two"], ["wasm.mine"]),
    ...calls("proxy_set_property", ["mine", ""]),
    ...calls("proxy_get_property", ["mine"]),
  ],
  "shared data": [
    ...calls("proxy_get_shared_data", ["none"], [""], [nowhere]),
    ...calls(
      "proxy_set_shared_data",
      ["key", "one", 0],
      ["key", "two", 99_999_999],
      ["new", "x", 99_999_999],
    ),
    { call: "proxy_get_shared_data", with: ["key"], keep: 1 },
    ...calls("proxy_set_shared_data", ["key", "three", { slot: 1 }], ["key", "four", { slot: 1 }]),
    ...calls("proxy_get_shared_data", ["key"], ["new"]),
    ...calls(
      "proxy_set_shared_data",
      ["key", "", 0],
      ["", "empty key", 0],
      ["key", nowhere, 0],
      [nowhere, "x", 0],
    ),
    ...calls("proxy_get_shared_data", ["key"], [""], ["new"]),
  ],
  "shared queues": [
    ...calls("proxy_register_shared_queue", [nowhere]),
    ...calls("proxy_resolve_shared_queue", ["", "none"], ["other", "none"], [nowhere, "x"]),
    ...calls("proxy_dequeue_shared_queue", [0], [99_999_999]),
    ...calls("proxy_enqueue_shared_queue", [0, "x"], [99_999_999, "x"], [99_999_999, nowhere]),
  ],
  metrics: [
    { call: "proxy_define_metric", with: [0, "play.counter"], keep: 1 },
    { call: "proxy_define_metric", with: [1, "play.gauge"], keep: 2 },
    { call: "proxy_define_metric", with: [2, "play.histogram"], keep: 3 },
    ...calls("proxy_define_metric", [3, "x"], [7, "x"], [-1, "x"], [0, nowhere]),
    ...[1, 2, 3].flatMap((slot) => [
      ...calls("proxy_increment_metric", [{ slot }, 3], [{ slot }, 0], [{ slot }, -1]),
      ...calls("proxy_record_metric", [{ slot }, 5], [{ slot }, 0]),
      ...calls("proxy_get_metric", [{ slot }]),
    ]),
    ...calls("proxy_increment_metric", [0, 1], [99, 1]),
    ...calls("proxy_record_metric", [0, 1], [99, 1]),
    ...calls("proxy_get_metric", [0], [99], [1], [2]),
    { call: "proxy_record_metric", with: [{ slot: 2 }, 0] },
  ],
  logging: [
    ...calls(
      "proxy_log",
      [0, "trace"],
      [1, "debug"],
      [2, "info"],
      [3, "warn"],
      [4, "error"],
      [5, "critical"],
    ),
    ...calls("proxy_log", [6, "none"], [-1, "none"], [2, ""], [2, "two\nlines"], [2, nowhere]),
    ...calls("proxy_get_log_level", []),
  ],
  clocks: [
    ...calls("proxy_get_current_time_nanoseconds", []),
    ...calls("clock_time_get", [0, 0], [1, 0], [2, 0], [9, 0]),
    ...calls("clock_res_get", [0], [1], [2], [9]),
  ],
  contexts: calls("proxy_set_effective_context", [0], [1], [2], [3], [99], [-1]),
  "the plugin's end": calls("proxy_done", []),
  status: calls("proxy_get_status", []),
  "a timer that is stopped": calls("proxy_set_tick_period_milliseconds", [0], [0]),
  "http calls that are refused": [
    ...calls(
      "proxy_http_call",
      ["none", pairs, "", [], 100],
      ["", pairs, "", [], 100],
      ["service", [], "", [], 100],
    ),
    ...calls(
      "proxy_http_call",
      ["service", [pairs[0]], "", [], 100],
      ["service", [pairs[0], pairs[1]], "", [], 100],
    ),
    ...calls("proxy_http_call", ["service", pairs, "", [], -1], [nowhere, pairs, "", [], 1]),
    ...calls("proxy_http_call", ["service", nowhere, "", [], 1], ["service", pairs, nowhere, [], 1]),
    ...calls("proxy_http_call", ["service", pairs, "", nowhere, 1]),
  ],
  "gRPC that is refused": [
    ...calls(
      "proxy_grpc_call",
      ["none", "pkg.Greeter", "Greet", [], "", 100],
      [nowhere, "a", "b", [], "", 1],
    ),
    ...calls("proxy_grpc_stream", ["none", "pkg.Greeter", "Chat", []], [nowhere, "a", "b", []]),
    ...calls(
      "proxy_grpc_send",
      [0, "", 0],
      [4, "", 0],
      [5, "", 0],
      [6, "", 1],
      [99, "", 0],
      [102, nowhere, 0],
    ),
    ...calls("proxy_grpc_close", [0], [4], [5], [6], [99]),
    ...calls("proxy_grpc_cancel", [0], [4], [5], [6], [99]),
  ],
  "foreign functions": [
    ...calls("proxy_call_foreign_function", ["none", ""], ["", ""], [nowhere, ""], ["uncompress", "x"]),
    ...calls(
      "proxy_call_foreign_function",
      ["declare_property", ""],
      ["verify_signature", ""],
      ["compress", nowhere],
    ),
  ],
  threads: [
    ...calls("pthread_equal", [1, 1], [1, 2]),
    ...calls("emscripten_notify_memory_growth", [0], [-1]),
  ],
  WASI: [
    ...calls("args_sizes_get", []),
    ...calls("args_get", [48, 56]),
    ...calls("environ_sizes_get", []),
    ...calls("environ_get", [48, 56]),
    ...calls("args_sizes_get", []),
    ...calls(
      "fd_write",
      [0, "x"],
      [1, "a line"],
      [2, "another"],
      [3, "x"],
      [1, ""],
      [1, nowhere],
      [1, nowhere, 0],
    ),
    ...calls("fd_read", [0, 48, 0], [3, 48, 0]),
    ...calls("fd_seek", [0, 0, 0], [3, 1, 0]),
    ...calls("fd_close", [1], [9]),
    ...calls("fd_fdstat_get", [1, 48], [2, 48], [3, 48], [1, nowhere]),
    ...calls("fd_fdstat_set_flags", [1, 0]),
    ...calls("fd_fdstat_set_rights", [1, 0, 0]),
    ...calls("fd_advise", [1, 0, 0, 0]),
    ...calls("fd_allocate", [1, 0, 0]),
    ...calls("fd_datasync", [1]),
    ...calls("fd_filestat_get", [1, 48]),
    ...calls("fd_filestat_set_size", [1, 0]),
    ...calls("fd_filestat_set_times", [1, 0, 0, 0]),
    ...calls("fd_pread", [1, 48, 0, 0]),
    ...calls("fd_pwrite", [1, "x", 0]),
    ...calls("fd_prestat_get", [3, 48]),
    ...calls("fd_prestat_dir_name", [3, 48, 0]),
    ...calls("fd_readdir", [1, 48, 0, 0]),
    ...calls("fd_renumber", [1, 2]),
    ...calls("fd_sync", [1]),
    ...calls("fd_tell", [1]),
    ...calls("path_open", [3, 0, "x", 0, 0, 0, 0]),
    ...calls("path_create_directory", [3, "x"]),
    ...calls("path_filestat_get", [3, 0, "x", 48]),
    ...calls("path_filestat_set_times", [3, 0, "x", 0, 0, 0]),
    ...calls("path_link", [3, 0, "x", 3, 48]),
    ...calls("path_readlink", [3, "x", 48, 0]),
    ...calls("path_remove_directory", [3, "x"]),
    ...calls("path_rename", [3, "x", 3, "y"]),
    ...calls("path_symlink", ["x", 3, 48]),
    ...calls("path_unlink_file", [3, "x"]),
    ...calls("poll_oneoff", [48, 64, 0]),
    ...calls("sched_yield", []),
    ...calls("random_get", [48, 8], [48, 65_537], [nowhere, 8]),
    ...calls("sock_accept", [3, 0]),
    ...calls("sock_recv", [3, 48, 0, 0]),
    ...calls("sock_send", [3, "x", 0]),
    ...calls("sock_shutdown", [3, 0]),
    ...calls("proc_exit", [0], [1]),
  ],
};
