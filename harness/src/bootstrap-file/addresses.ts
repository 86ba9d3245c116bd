import type { JsonObject } from "@bufbuild/protobuf";
import { elements, member, text } from "./walk.ts";

/** A listener of a bootstrap file, by what its users know of it. */
export interface FileListener {
  /** Its name, or `listener_0` for the first without one. */
  readonly name: string;
  /** The port in the file; 0 for one that is no TCP port. */
  readonly port: number;
}

/** Moves the admin interface and every listener to free ports of the loopback interface, and says which there are. */
export function moveToLoopback(bootstrap: JsonObject): FileListener[] {
  bootstrap["admin"] = { address: loopback() };
  return elements(member(bootstrap, "static_resources"), "listeners").map(moveListener);
}

function moveListener(listener: JsonObject, position: number): FileListener {
  const name = text(listener, "name") || `listener_${position}`;
  const socket = member(member(listener, "address"), "socket_address");
  const port = Number(socket["port_value"] ?? 0);
  listener["name"] = name;
  listener["address"] = loopback(text(socket, "protocol"));
  listener["enable_reuse_port"] = false;
  listener["connection_balance_config"] = { exact_balance: {} };
  delete listener["additional_addresses"];
  return { name, port };
}

/** Any free port; the protocol is as it was. */
function loopback(protocol = ""): JsonObject {
  const socket: JsonObject = { address: "127.0.0.1", port_value: 0 };
  if (protocol !== "") socket["protocol"] = protocol;
  return { socket_address: socket };
}
