import type { HeaderList } from "../header-list.ts";
import { withPortZero } from "./ip-addresses.ts";

/** Where Envoy believes that the client is when it is not told to use the connection's other end: the last of the list. */
export function forwardedAddress(fields: HeaderList): string | null {
  const list = fields.find("x-forwarded-for");
  if (list === null) return null;
  return withPortZero(list.split(",").at(-1)?.trim() ?? "");
}
