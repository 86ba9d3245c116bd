import { isIP } from "node:net";
import { types, type Check } from "../configuration.ts";
import type { Message } from "../structure/message.ts";

/** The admin interface can end Envoy and shows its secrets to whoever reaches it. */
export const adminIsLocal: Check = (configuration, report) => {
  for (const bootstrap of configuration.all(types.bootstrap)) {
    const socket = socketOf(bootstrap.message("admin")?.message("address"));
    const address = socket?.text("address") ?? "127.0.0.1";
    if (socket === null || isLoopback(address)) continue;
    report(
      "admin-exposed",
      socket.at("address"),
      `the admin interface listens on ${address}: whoever reaches it can end Envoy and read its configuration`,
      "address: 127.0.0.1, or a pipe",
    );
  }
};

/** Only clusters that resolve names can have names for addresses, and listeners cannot. */
export const addressesAreNumbers: Check = (configuration, report) => {
  const refuse = (socket: Message | null, remedy: string): void => {
    const address = socket?.text("address") ?? "";
    if (socket === null || address === "" || isIP(address) !== 0 || socket.has("resolver_name")) return;
    report(
      "static-address",
      socket.at("address"),
      `${address} is no IP address, and is not resolved here`,
      remedy,
    );
  };
  for (const listener of configuration.all(types.listener))
    refuse(socketOf(listener.message("address")), "127.0.0.1 for this machine, 0.0.0.0 for every interface");
  for (const cluster of configuration.all(types.cluster).filter(isStatic)) {
    for (const socket of endpointSockets(cluster)) refuse(socket, "type: STRICT_DNS for the cluster");
  }
};

/** Two listeners cannot have one address. */
export const addressesDiffer: Check = (configuration, report) => {
  const seen = new Map<string, string>();
  for (const listener of configuration.all(types.listener)) {
    const socket = socketOf(listener.message("address"));
    const port = socket?.number("port_value") ?? 0;
    if (socket === null || port === 0) continue;
    const address = `${socket.text("protocol") ?? "TCP"} ${socket.text("address") ?? ""}:${port}`;
    const first = seen.get(address);
    const name = listener.text("name") ?? address;
    if (first === undefined) seen.set(address, name);
    else
      report(
        "same-address",
        listener.at("address"),
        `${address} is the address of the listener ${first} already`,
      );
  }
};

/** Who may say where a request came from. */
export const forwardedForIsTrusted: Check = (configuration, report) => {
  for (const manager of configuration.all(types.manager)) {
    const address = socketOf(manager.within(types.listener)?.message("address"))?.text("address");
    if (address === null || address === undefined || isLoopback(address)) continue;
    if (manager.has("use_remote_address") || manager.has("original_ip_detection_extensions")) continue;
    report(
      "trusts-forwarded-for",
      manager.spot,
      "without use_remote_address every client can claim any source address in x-forwarded-for",
      "use_remote_address: true at the edge, false behind a trusted proxy",
    );
  }
};

function isStatic(cluster: Message): boolean {
  return (cluster.text("type") ?? "STATIC") === "STATIC" && !cluster.has("cluster_type");
}

function socketOf(address: Message | null | undefined): Message | null {
  return address?.message("socket_address") ?? null;
}

/** The addresses of a cluster's endpoints; null where one is no socket. */
function endpointSockets(cluster: Message): Array<Message | null> {
  const localities = cluster.message("load_assignment")?.messages("endpoints") ?? [];
  const endpoints = localities.flatMap((locality) => locality.messages("lb_endpoints"));
  return endpoints.map((endpoint) => socketOf(endpoint.message("endpoint")?.message("address")));
}

function isLoopback(address: string): boolean {
  return address === "::1" || address === "localhost" || /^127\./.test(address);
}
