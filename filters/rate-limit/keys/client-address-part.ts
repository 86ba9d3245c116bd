import { Address, Bytes, RequestFacts, utf8 } from "as-proxy-wasm";
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
    const network = this.networkOf(facts);
    return network === null ? null : network.toBytes();
  }

  /** `10.0.0.1`, or with the length of the network `2001:db8::/64`. Source: Envoy's route.v3, `masked_remote_address`. */
  textOf(facts: RequestFacts): Bytes | null {
    const network = this.networkOf(facts);
    if (network === null) return null;
    const text = network.toText();
    const isWhole = network.isV4 ? this.bitsOfV4 == 32 : this.bitsOfV6 == 128;
    const bits = network.isV4 ? this.bitsOfV4 : this.bitsOfV6;
    return isWhole ? text : text.concat(utf8("/")).concat(Bytes.fromInteger(bits));
  }

  private networkOf(facts: RequestFacts): Address | null {
    const address = facts.clientAddress;
    if (address === null) return null;
    return address.network(address.isV4 ? 96 + this.bitsOfV4 : this.bitsOfV6);
  }
}
