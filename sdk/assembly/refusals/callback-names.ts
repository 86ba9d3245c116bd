import { Bytes, utf8 } from "../bytes";
import { Callback } from "../callbacks";

/**
 * A callback by the name that filters know it by, for messages. `HAS_…` is defined where the module exports the callback:
 * no module holds names of callbacks that it has not.
 */
export function callbackName(callback: Callback): Bytes {
  if (isDefined(HAS_proxy_on_request_headers) && callback == Callback.RequestHeaders)
    return utf8("onRequestHeaders");
  if (isDefined(HAS_proxy_on_request_body) && callback == Callback.RequestBody)
    return utf8("the request body's callback");
  if (isDefined(HAS_proxy_on_request_trailers) && callback == Callback.RequestTrailers)
    return utf8("onRequestTrailers");
  if (isDefined(HAS_proxy_on_request_metadata) && callback == Callback.RequestMetadata)
    return utf8("onRequestMetadata");
  if (isDefined(HAS_proxy_on_response_headers) && callback == Callback.ResponseHeaders)
    return utf8("onResponseHeaders");
  if (isDefined(HAS_proxy_on_response_body) && callback == Callback.ResponseBody)
    return utf8("the response body's callback");
  if (isDefined(HAS_proxy_on_response_trailers) && callback == Callback.ResponseTrailers)
    return utf8("onResponseTrailers");
  if (isDefined(HAS_proxy_on_response_metadata) && callback == Callback.ResponseMetadata)
    return utf8("onResponseMetadata");
  if (isDefined(HAS_proxy_on_new_connection) && callback == Callback.NewConnection)
    return utf8("onNewConnection");
  if (isDefined(HAS_proxy_on_downstream_data) && callback == Callback.DownstreamData)
    return utf8("onDownstreamData");
  if (isDefined(HAS_proxy_on_upstream_data) && callback == Callback.UpstreamData)
    return utf8("onUpstreamData");
  if (isDefined(HAS_proxy_on_downstream_connection_close) && callback == Callback.DownstreamClose)
    return utf8("onDownstreamClose");
  if (isDefined(HAS_proxy_on_upstream_connection_close) && callback == Callback.UpstreamClose)
    return utf8("onUpstreamClose");
  if (isDefined(HAS_proxy_on_tick) && callback == Callback.Tick) return utf8("onTime of a timer");
  if (isDefined(HAS_proxy_on_queue_ready) && callback == Callback.QueueReady)
    return utf8("onMessage of a queue's reader");
  if (isDefined(HAS_proxy_on_http_call_response) && callback == Callback.HttpCallResponse)
    return utf8("onResult of a callout");
  if (isDefined(HAS_proxy_on_grpc_close) && callback == Callback.Grpc)
    return utf8("a callback of a gRPC call or stream");
  if (isDefined(HAS_proxy_on_log) && callback == Callback.Log) return utf8("onLog");
  if (isDefined(HAS_proxy_on_done) && callback == Callback.Done) return utf8("onDone");
  return callback == Callback.ContextCreate ? utf8("the constructor") : utf8("onConfigured");
}
