import { Bytes, utf8 } from "./bytes";
import { Callback } from "./callbacks";
import { networkCallbackName } from "./network-callback-names";

/** A callback by the name that filters know it by, for messages. */
export function callbackName(callback: Callback): Bytes {
  switch (callback) {
    case Callback.ContextCreate:
      return utf8("the constructor");
    case Callback.RequestHeaders:
      return utf8("onRequestHeaders");
    case Callback.RequestBody:
      return utf8("the request body's callback");
    case Callback.RequestTrailers:
      return utf8("onRequestTrailers");
    case Callback.ResponseHeaders:
      return utf8("onResponseHeaders");
    case Callback.ResponseBody:
      return utf8("the response body's callback");
    case Callback.ResponseTrailers:
      return utf8("onResponseTrailers");
    case Callback.HttpCallResponse:
      return utf8("onResult of a callout");
    case Callback.Log:
      return utf8("onLog");
    case Callback.Done:
      return utf8("onDone");
    default:
      // @ts-ignore: a name that the entry has where a network filter is in the module
      if (isDefined(HAS_NETWORK_FILTER)) return networkCallbackName(callback);
      return utf8("a callback of the plugin");
  }
}
