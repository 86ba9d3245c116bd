import { Bytes, RequestFacts } from "as-proxy-wasm";
import { addressText } from "./address-text";
import { KeyPart } from "./key-part";

/** The network that the client is in: the first bits of its address, for clients of IPv6 can choose the last ones. */
export class ClientAddressPart extends KeyPart {
  constructor(
    private readonly bitsOfV4: i32,
    private readonly bitsOfV6: i32,
  ) {
    super();
  }

  valueOf(facts: RequestFacts): Bytes | null {
    const address = facts.clientAddress;
    if (address === null) return null;
    const bytes = address.toBytes();
    clearBehind(bytes, address.isV4 ? 96 + this.bitsOfV4 : this.bitsOfV6);
    return bytes;
  }

  /** `10.0.0.1`, or with the length of the network `2001:db8::/64`, as Envoy's own descriptors have it. */
  textOf(facts: RequestFacts): Bytes | null {
    const bytes = this.valueOf(facts);
    if (bytes === null) return null;
    return addressText(bytes, this.bitsOfV4, this.bitsOfV6);
  }
}

function clearBehind(bytes: Bytes, bits: i32): void {
  for (let i = 0; i < bytes.length; i++) {
    const kept = min(max(bits - 8 * i, 0), 8);
    store<u8>(bytes.start + i, bytes[i] & (<u8>(0xff00 >> kept)));
  }
}
