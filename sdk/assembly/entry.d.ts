// What the entry that the transform generates says of the module, for editors: a name is defined where it is so.

/** The module has a network filter. */
declare const HAS_NETWORK_FILTER: bool;

/** A filter has a callback for a whole body: without one, none can be asked for. */
declare const HAS_envoy_allow_on_headers_stop_iteration: bool;

// The module exports the callback.
declare const HAS_proxy_on_request_headers: bool;
declare const HAS_proxy_on_request_body: bool;
declare const HAS_proxy_on_request_trailers: bool;
declare const HAS_proxy_on_request_metadata: bool;
declare const HAS_proxy_on_response_headers: bool;
declare const HAS_proxy_on_response_body: bool;
declare const HAS_proxy_on_response_trailers: bool;
declare const HAS_proxy_on_response_metadata: bool;
declare const HAS_proxy_on_new_connection: bool;
declare const HAS_proxy_on_downstream_data: bool;
declare const HAS_proxy_on_upstream_data: bool;
declare const HAS_proxy_on_downstream_connection_close: bool;
declare const HAS_proxy_on_upstream_connection_close: bool;
declare const HAS_proxy_on_tick: bool;
declare const HAS_proxy_on_queue_ready: bool;
declare const HAS_proxy_on_http_call_response: bool;
declare const HAS_proxy_on_grpc_close: bool;
declare const HAS_proxy_on_log: bool;
declare const HAS_proxy_on_done: bool;
declare const HAS_proxy_on_queue_ready_with_workers: bool;
