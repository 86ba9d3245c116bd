import { isIP, SocketAddress } from "node:net";
import type { HeaderList } from "../header-list.ts";

/** Where Envoy believes that the client is when it is not told to use the connection's other end: the last of the list. */
export function forwardedAddress(fields: HeaderList): string | null {
  const list = fields.find("x-forwarded-for");
  if (list === null) return null;
  const last = list.split(",").at(-1)?.trim() ?? "";
  const version = isIP(last);
  if (version === 0 || last.includes("%")) return null;
  if (version === 4) return `${last}:0`;
  return `[${new SocketAddress({ address: last, family: "ipv6" }).address}]:0`;
}
