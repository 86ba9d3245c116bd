import { HeaderList, type InTurn } from "../header-list.ts";
import { octetsOf, putOctets, smallLetters } from "../octets.ts";

/**
 * Header pairs as the ABI passes them:
 *
 *     u32 count | count × (u32 name length, u32 value length) | count × (name, NUL, value, NUL)
 */
export class PairsBlock {
  readonly byteLength: number;
  private readonly fields: InTurn;

  constructor(fields: InTurn) {
    this.fields = fields;
    let byteLength = 4 + 5 * fields.length;
    for (const octets of fields) byteLength += octets.length;
    this.byteLength = byteLength;
  }

  /** Writes it into bytes that have room for it. */
  writeTo(bytes: Uint8Array, start: number): void {
    const { fields } = this;
    putU32(bytes, start, fields.length / 2);
    let at = start + 4;
    for (const octets of fields) {
      putU32(bytes, at, octets.length);
      at += 4;
    }
    if (fields.length > 0) putOctets(`${fields.join("\0")}\0`, bytes, at); // to write them one by one takes longer
  }
}

/** The block as bytes of its own. */
export function encodePairs(fields: InTurn): Uint8Array {
  const block = new PairsBlock(fields);
  const bytes = new Uint8Array(block.byteLength);
  block.writeTo(bytes, 0);
  return bytes;
}

function putU32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value;
  bytes[at + 1] = value >>> 8;
  bytes[at + 2] = value >>> 16;
  bytes[at + 3] = value >>> 24;
}

/** Envoy's limits: a block beyond one of them counts as an empty list, and the call still answers Ok. */
const maxBlockBytes = 1 << 20;
const maxPairs = 1024;

/** Decodes a guest's block; one that is malformed or beyond Envoy's limits is an empty list, as in Envoy. */
export function decodePairs(block: Uint8Array): HeaderList {
  const none = new HeaderList();
  if (block.length < 4 || block.length > maxBlockBytes) return none;
  const view = new DataView(block.buffer, block.byteOffset, block.byteLength);
  const count = view.getUint32(0, true);
  let at = 4 + 8 * count;
  if (count > maxPairs || at > block.length) return none;

  const list = new HeaderList();
  for (let i = 0; i < count; i++) {
    const nameEnd = at + view.getUint32(4 + 8 * i, true);
    const valueEnd = nameEnd + 1 + view.getUint32(8 + 8 * i, true);
    if (block[nameEnd] !== 0 || block[valueEnd] !== 0) return none;
    const name = octetsOf(block.subarray(at, nameEnd));
    list.append(smallLetters(name), octetsOf(block.subarray(nameEnd + 1, valueEnd)));
    at = valueEnd + 1;
  }
  return at === block.length ? list : none;
}
