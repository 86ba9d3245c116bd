import { Address, AddressRange, Bytes } from "as-proxy-wasm";

/** The bytes of an address; null when the text is none. */
export function parse(text: ArrayBuffer): ArrayBuffer | null {
  return toBuffer(Address.parse(Bytes.fromBuffer(text)));
}

/** An address's text, of the network of so many bits; null when the text is no address. */
export function networkText(text: ArrayBuffer, bits: i32): ArrayBuffer | null {
  const address = Address.parse(Bytes.fromBuffer(text));
  return address === null ? null : changetype<ArrayBuffer>(address.network(bits).toText().copy().start);
}

export function parseWithPort(text: ArrayBuffer): ArrayBuffer | null {
  return toBuffer(Address.parseWithPort(Bytes.fromBuffer(text)));
}

export function rangeProblem(range: ArrayBuffer): string | null {
  return AddressRange.parse(Bytes.fromBuffer(range)).problem;
}

export function rangeHolds(range: ArrayBuffer, text: ArrayBuffer): bool {
  const address = Address.parse(Bytes.fromBuffer(text));
  return address !== null && AddressRange.parse(Bytes.fromBuffer(range)).holds(address);
}

function toBuffer(address: Address | null): ArrayBuffer | null {
  return address === null ? null : changetype<ArrayBuffer>(address.toBytes().copy().start);
}
