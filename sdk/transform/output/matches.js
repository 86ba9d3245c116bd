/** How far back a match may be. */
const FARTHEST = (1 << 14) - 1;

/** How many earlier places with the same three bytes are looked at, the nearest first. */
const CANDIDATES = 24;

/** For each place of an image the longest row of bytes, up to `longest`, that stood before it and comes again there. */
export function findMatches(image, longest) {
  const lengths = new Uint16Array(image.length);
  const distances = new Uint16Array(image.length);
  const latest = new Map();
  const earlier = new Int32Array(image.length); // the place before with the same three bytes
  for (let at = 0; at + 2 < image.length; at++) {
    const key = (image[at] << 16) | (image[at + 1] << 8) | image[at + 2];
    earlier[at] = latest.get(key) ?? -1;
    latest.set(key, at);
    let place = earlier[at];
    for (let i = 0; i < CANDIDATES && place >= 0 && at - place <= FARTHEST; i++, place = earlier[place]) {
      const length = matchLength(image, at, { distance: at - place, longest });
      if (length <= lengths[at]) continue;
      lengths[at] = length;
      distances[at] = at - place;
    }
  }
  return { lengths, distances };
}

function matchLength(image, at, { distance, longest }) {
  const end = Math.min(at + longest, image.length);
  let i = at;
  while (i < end && image[i] === image[i - distance]) i++;
  return i - at;
}
