import { HarnessError } from "../errors.ts";
import { askAdmin } from "./ask-admin.ts";

/** The part of `/listeners?format=json` that is read. */
interface ListenerStatuses {
  readonly listener_statuses?: ReadonlyArray<{
    readonly name: string;
    readonly local_address: { readonly socket_address?: SocketAddress };
  }>;
}

interface SocketAddress {
  readonly address: string;
  readonly port_value: number;
}

/**
 * Refuses, with `invalid_input`, a listener that is to be reached from outside and listens on the container's own
 * loopback: its port would take connections and drop them, in silence.
 */
export async function refuseUnreachable(
  adminUrl: string,
  isExposed: (port: number) => boolean,
): Promise<void> {
  const text = await askAdmin(adminUrl, "/listeners?format=json");
  const { listener_statuses = [] } = JSON.parse(text) as ListenerStatuses;
  for (const { name, local_address } of listener_statuses) {
    const { address = "", port_value = 0 } = local_address.socket_address ?? {};
    if (!isExposed(port_value) || !/^(127\.|::1$)/.test(address)) continue;
    throw new HarnessError(
      "invalid_input",
      `listener "${name}" listens on ${address}:${port_value} of the container, where nothing outside reaches it: ` +
        "let it listen on 0.0.0.0, for its port is published on 127.0.0.1 alone",
    );
  }
}
