import { findMatches } from "./matches.js";

const SKIP = 0;
const COPY = 1;
const BYTES = 2;
const WIDE = 3;

const LONGEST = 63 + 255;
const SHORTEST_COPY = 3;

/**
 * The shortest row of steps by which `sdk/assembly/runtime/static-data.ts`, which has a picture of them, makes an image
 * again. The time grows with the image's length, some 50 ms for 64 KiB.
 */
export function pack(image) {
  const way = new CheapestWay(image);
  const packed = [];
  for (let at = 0; at < image.length; at = way.next(at)) packed.push(...way.encodedStep(at));
  return Uint8Array.from(packed);
}

/** For each place of an image the step from there with which the way to the end is shortest. */
class CheapestWay {
  constructor(image) {
    this.image = image;
    this.kinds = new Uint8Array(image.length);
    this.counts = new Uint16Array(image.length);
    this.costs = new Uint32Array(image.length + 1);
    this.matches = findMatches(image, LONGEST);
    const zeros = new Uint32Array(image.length + 1); // how many there are from a place on
    const pairs = new Uint32Array(image.length + 2); // how many bytes with a zero behind each
    for (let at = image.length - 1; at >= 0; at--) {
      zeros[at] = image[at] === 0 ? zeros[at + 1] + 1 : 0;
      pairs[at] = image[at + 1] === 0 ? pairs[at + 2] + 1 : 0;
      this.choose(at, zeros[at], pairs[at]);
    }
  }

  choose(at, zeros, pairs) {
    const { lengths, distances } = this.matches;
    this.costs[at] = -1; // the greatest there is
    this.tryCounts(at, BYTES, { most: this.image.length - at, operand: 1, width: 1 });
    this.tryCounts(at, WIDE, { most: pairs, operand: 1, width: 2 });
    this.tryCounts(at, SKIP, { most: zeros, operand: 0, width: 1 });
    this.tryCounts(at, COPY, { most: lengths[at], operand: 0, width: 1, extra: distances[at] > 127 ? 2 : 1 });
  }

  /** Takes the step of a kind that is cheaper than what was known, if one is. */
  tryCounts(at, kind, { most, operand, width, extra = 0 }) {
    for (let count = kind === COPY ? SHORTEST_COPY : 1; count <= Math.min(most, LONGEST); count++) {
      const cost = (count < 63 ? 1 : 2) + extra + operand * count + this.costs[at + width * count];
      if (cost >= this.costs[at]) continue;
      this.costs[at] = cost;
      this.kinds[at] = kind;
      this.counts[at] = count;
    }
  }

  next(at) {
    return at + this.counts[at] * (this.kinds[at] === WIDE ? 2 : 1);
  }

  encodedStep(at) {
    const [kind, count] = [this.kinds[at], this.counts[at]];
    const head = count < 63 ? [kind | (count << 2)] : [kind | (63 << 2), count - 63];
    if (kind === SKIP) return head;
    if (kind === COPY) return [...head, ...encodedDistance(this.matches.distances[at])];
    const bytes = this.image.slice(at, this.next(at));
    return [...head, ...(kind === WIDE ? bytes.filter((_, i) => i % 2 === 0) : bytes)];
  }
}

function encodedDistance(distance) {
  return distance > 127 ? [128 | (distance & 127), distance >> 7] : [distance];
}
