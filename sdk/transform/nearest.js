/** The candidate that a mistyped name most probably meant, or null when none is close: a fifth of it may differ. */
export function nearest(name, candidates) {
  const plain = plainly(name);
  const ranked = candidates
    .map((candidate) => ({ candidate, distance: editDistance(plain, plainly(candidate)) }))
    .filter(({ candidate, distance }) => distance <= candidate.length / 5)
    .sort((a, b) => a.distance - b.distance);
  return ranked[0]?.candidate ?? null;
}

/** A name without what other SDKs spell differently: `on_http_request_headers`, `OnRequestHeaders`. */
function plainly(name) {
  const plain = name.toLowerCase().replaceAll("_", "");
  return plain.startsWith("onhttp") ? plain.replace("http", "") : plain;
}

function editDistance(a, b) {
  let row = [...b, ""].map((_, i) => i);
  for (let i = 0; i < a.length; i++) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j++)
      next.push(Math.min(row[j] + (a[i] === b[j] ? 0 : 1), row[j + 1] + 1, next[j] + 1));
    row = next;
  }
  return row[b.length];
}
