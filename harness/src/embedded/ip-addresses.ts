import { isIP, isIPv6, SocketAddress } from "node:net";

/** An address without a port as Envoy writes it, with the port 0: `192.0.2.1:0`, `[2001:db8::1]:0`; null for no address, and for one with a zone. */
export function withPortZero(address: string): string | null {
  if (isIP(address) === 4) return `${address}:0`;
  const shortest = shortestIpv6(address);
  return shortest === null ? null : `[${shortest}]:0`;
}

/** An address of IPv6 as RFC 5952 has it; null for another one, and for one with a zone. */
export function shortestIpv6(address: string): string | null {
  if (!isIPv6(address) || address.includes("%")) return null;
  return new SocketAddress({ address, family: "ipv6" }).address;
}
