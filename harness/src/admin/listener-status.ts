import { fromJsonString } from "@bufbuild/protobuf";
import { ListenersSchema } from "../../api/envoy/admin/v3/listeners_pb.js";
import { addressText } from "../envoy-api/address-text.ts";

/**
 * One listener, as Envoy's `/listeners` says it.
 *
 * @category Read what happened
 */
export interface ListenerStatus {
  /** As in the configuration. */
  readonly name: string;
  /** Where it listens, `127.0.0.1:8080`. */
  readonly address: string;
}

/** Of the text of `/listeners?format=json`. */
export function parseListeners(text: string): ListenerStatus[] {
  const { listenerStatuses } = fromJsonString(ListenersSchema, text, { ignoreUnknownFields: true });
  return listenerStatuses.map(({ name, localAddress }) => ({
    name,
    address: (localAddress && addressText(localAddress)) ?? "",
  }));
}
