import { HeaderList } from "../header-list.ts";

const utf8 = new TextEncoder();

/**
 * Header pairs as the ABI passes them:
 *
 *     u32 count | count × (u32 name length, u32 value length) | count × (name, NUL, value, NUL)
 */
export function encodePairs(list: HeaderList): Uint8Array {
  return encodeBytePairs([...list].map(([name, value]) => [utf8.encode(name), value]));
}

/** As `encodePairs`, of names and values that are bytes. */
export function encodeBytePairs(fields: ReadonlyArray<readonly [Uint8Array, Uint8Array]>): Uint8Array {
  const contentLength = fields.reduce((sum, [name, value]) => sum + name.length + value.length + 2, 0);
  const block = new Uint8Array(4 + 8 * fields.length + contentLength);
  const view = new DataView(block.buffer);
  view.setUint32(0, fields.length, true);
  let at = 4 + 8 * fields.length;
  for (const [i, [name, value]] of fields.entries()) {
    view.setUint32(4 + 8 * i, name.length, true);
    view.setUint32(8 + 8 * i, value.length, true);
    block.set(name, at);
    block.set(value, at + name.length + 1);
    at += name.length + value.length + 2;
  }
  return block;
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
    list.add(text.decode(block.subarray(at, nameEnd)), block.slice(nameEnd + 1, valueEnd));
    at = valueEnd + 1;
  }
  return at === block.length ? list : none;
}

const text = new TextDecoder();
