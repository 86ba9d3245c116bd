import { Bytes, utf8 } from "./bytes";
import { Callback } from "./callbacks";

/** A callback of a connection by the name that filters know it by, for messages. */
export function networkCallbackName(callback: Callback): Bytes {
  switch (callback) {
    case Callback.NewConnection:
      return utf8("onNewConnection");
    case Callback.DownstreamData:
      return utf8("onDownstreamData");
    case Callback.UpstreamData:
      return utf8("onUpstreamData");
    case Callback.DownstreamClose:
      return utf8("onDownstreamClose");
    case Callback.UpstreamClose:
      return utf8("onUpstreamClose");
    default:
      return utf8("a callback of the plugin");
  }
}
