// The transform packs what stands in data segments, texts in UTF-16 and zeros for the most part, into one row of steps.
//
// │ kind: 2 bits, count: 6 bits │ if count is 63: how many more │ what the kind needs
//
// Skip leaves `count` bytes as they are, zero. Bytes and Wide are followed by `count` bytes, the latter to be written with
// a zero behind each. Copy is followed by how far back, in LEB128 of at most 14 bits, `count` bytes stand that come again.

// @ts-ignore: decorator
@inline
const SKIP: u32 = 0;
// @ts-ignore: decorator
@inline
const COPY: u32 = 1;
// @ts-ignore: decorator
@inline
const WIDE: u32 = 3;

/** For the transform: writes the module's static data, whose row of steps stands here, from `to` on, before all else runs. */
export function unpackStaticData(from: usize, end: usize, to: usize): void {
  while (from < end) {
    const kind = (<u32>load<u8>(from)) & 3;
    let count = (<usize>load<u8>(from++)) >> 2;
    if (count == 63) count += load<u8>(from++);
    if (kind == SKIP) {
      to += count;
      continue;
    }
    let source = from;
    if (kind == COPY) {
      let distance = <usize>load<u8>(from++);
      if (distance > 127) distance += ((<usize>load<u8>(from++)) << 7) - 128;
      source = to - distance;
    } else from += count;
    for (const last = source + count; source < last; source++) {
      store<u8>(to, load<u8>(source));
      to += kind == WIDE ? 2 : 1;
    }
  }
}
