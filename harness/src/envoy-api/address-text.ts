import type { Address } from "../../api/envoy/config/core/v3/address_pb.js";

/** `127.0.0.1:8080`, the path of a pipe, or null for what is no address of a socket. */
export function addressText({ address }: Pick<Address, "address">): string | null {
  if (address.case === "pipe") return address.value.path;
  if (address.case !== "socketAddress") return null;
  const { address: host, portSpecifier } = address.value;
  const port = portSpecifier.case === "portValue" ? portSpecifier.value : 0;
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}
