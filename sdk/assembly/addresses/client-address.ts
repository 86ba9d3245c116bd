import { Address } from "./address";
import { Bytes, utf8 } from "../bytes";
import { RequestHeaders } from "../http-fields";
import { getProperty } from "../properties";

/**
 * The address of the client, as somebody says who can be trusted; null when nobody does.
 *
 * With 0 hops it is the other end of the connection. Envoy 1.40 puts into `source.address` what `x-forwarded-for` says
 * instead, with port 0, where `use_remote_address` is off or `xff_num_trusted_hops` is set: that is null here, for a client
 * may have written it. What the PROXY protocol says is taken, for Envoy takes it from listeners configured to trust it.
 *
 * With `trustedHops` N from 1 on it is the N-th address from the right of all values of `x-forwarded-for`, as this filter
 * finds them. Each of these N must have been written by a proxy of one's own, else a client chooses its address. With
 * `use_remote_address` on, Envoy itself wrote the rightmost: N is 1 at the edge, 2 behind one proxy of one's own that
 * appends, and so on. With it off, Envoy writes nothing (and `skip_xff_append` does the same): N is 1 behind one such
 * proxy, and no N is safe without one. Of a client on a loopback address Envoy writes its own address in place of the
 * client's. Null when there are fewer than N, and when one of the N is no plain address.
 *
 * Valid in `onRequestHeaders`. Source: Envoy, "HTTP header manipulation", `x-forwarded-for`.
 *
 * @category Conditions
 */
export function clientAddress(headers: RequestHeaders, trustedHops: i32): Address | null {
  return trustedHops <= 0 ? peerAddress() : forwardedAddress(headers, trustedHops);
}

function peerAddress(): Address | null {
  const source = getProperty(utf8("source\0address"));
  if (source === null || source.endsWith(utf8(":0"))) return null;
  return Address.parseWithPort(source);
}

function forwardedAddress(headers: RequestHeaders, trustedHops: i32): Address | null {
  const values = headers.getAll(utf8("x-forwarded-for"));
  let address: Address | null = null;
  for (let i = values.length - 1; i >= 0; i--) {
    for (let end = values[i].length; end >= 0;) {
      const start = entryStart(values[i], end);
      address = Address.parse(values[i].slice(start, end).trim());
      if (address === null || --trustedHops == 0) return address;
      end = start - 1;
    }
  }
  return null;
}

/** Where the entry of a list that ends at `end` begins: behind a comma or at the start. */
function entryStart(list: Bytes, end: i32): i32 {
  while (end > 0 && list[end - 1] != 0x2c) end--;
  return end;
}
