import { Callback } from "./callbacks";
import { networkCallbackName } from "./network-callback-names";

/** A callback by the name that filters know it by, for messages. */
export function callbackName(callback: Callback): string {
  switch (callback) {
    case Callback.ContextCreate:
      return "the constructor";
    case Callback.RequestHeaders:
      return "onRequestHeaders";
    case Callback.RequestBody:
      return "the request body's callback";
    case Callback.RequestTrailers:
      return "onRequestTrailers";
    case Callback.ResponseHeaders:
      return "onResponseHeaders";
    case Callback.ResponseBody:
      return "the response body's callback";
    case Callback.ResponseTrailers:
      return "onResponseTrailers";
    case Callback.HttpCallResponse:
      return "onResult of a callout";
    case Callback.Log:
      return "onLog";
    case Callback.Done:
      return "onDone";
    default:
      // @ts-ignore: a name that the entry has where a network filter is in the module
      return isDefined(HAS_NETWORK_FILTER) ? networkCallbackName(callback) : "a callback of the plugin";
  }
}
