import {
  SocketAddress_Protocol,
  type AddressSchema,
  type CidrRangeSchema,
} from "../../api/envoy/config/core/v3/address_pb.js";
import { HarnessError } from "../errors.ts";
import type { Fields } from "./merge.ts";

/** An `envoy.config.core.v3.Address`. */
export type Address = Fields<typeof AddressSchema>;

/** An address of this machine alone; port 0 is any free one. */
export function loopback(port: number, protocol: "TCP" | "UDP" = "TCP"): Address {
  return socketAddress("127.0.0.1", port, protocol);
}

/**
 * `127.0.0.1:6379`, `[::1]:6379`, or the path of a Unix domain socket. Refused with `invalid_input` when it is no address
 * with a port.
 */
export function parseAddress(text: string): Address {
  if (text.startsWith("/")) return { address: { case: "pipe", value: { path: text } } };
  const [, host, port] = /^\[?([^\]]+?)\]?:(\d+)$/.exec(text) ?? [];
  if (host !== undefined && port !== undefined) return socketAddress(host, Number(port));
  throw new HarnessError("invalid_input", `"${text}" is no address: write it as "127.0.0.1:6379"`);
}

/**
 * The addresses that a filter chain is for: `cidr("127.0.0.2/32")`. Refused with `invalid_input` when it is no range.
 *
 * @category Configure Envoy
 */
export function cidr(range: string): Fields<typeof CidrRangeSchema> {
  const [, addressPrefix, length] = /^([\d.:a-f]+)\/(\d+)$/i.exec(range) ?? [];
  if (addressPrefix !== undefined) return { addressPrefix, prefixLen: Number(length) };
  throw new HarnessError("invalid_input", `"${range}" is no range of addresses: write it as "127.0.0.0/8"`);
}

/** An address of any machine. */
export function socketAddress(address: string, portValue: number, protocol: "TCP" | "UDP" = "TCP"): Address {
  return {
    address: {
      case: "socketAddress",
      value: {
        address,
        portSpecifier: { case: "portValue", value: portValue },
        protocol: SocketAddress_Protocol[protocol],
      },
    },
  };
}
