import { Callback } from "./callbacks";

/** A callback of a connection by the name that filters know it by, for messages. */
export function networkCallbackName(callback: Callback): string {
  switch (callback) {
    case Callback.NewConnection:
      return "onNewConnection";
    case Callback.DownstreamData:
      return "onDownstreamData";
    case Callback.UpstreamData:
      return "onUpstreamData";
    case Callback.DownstreamClose:
      return "onDownstreamClose";
    case Callback.UpstreamClose:
      return "onUpstreamClose";
    default:
      return "a callback of the plugin";
  }
}
