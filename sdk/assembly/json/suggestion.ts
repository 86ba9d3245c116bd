/** Words that differ in more letters than this are not taken for each other. */
const FARTHEST = 2;

/** Words longer than this are not compared. */
const LONGEST = 64;

/** The word that is spelt most like the given one; null when none is near. */
export function closest(word: string, words: string[]): string | null {
  let best: string | null = null;
  let nearest = min(FARTHEST, word.length - 1) + 1;
  for (let i = 0; i < words.length; i++) {
    const distance = editDistance(word, words[i]);
    if (distance >= nearest) continue;
    nearest = distance;
    best = words[i];
  }
  return best;
}

/** How many letters must be inserted, removed or replaced to make one word of the other. */
function editDistance(from: string, to: string): i32 {
  if (from.length > LONGEST || to.length > LONGEST) return LONGEST;
  const row = new StaticArray<i32>(to.length + 1);
  for (let j = 0; j <= to.length; j++) row[j] = j;
  for (let i = 1; i <= from.length; i++) {
    let diagonal = row[0];
    row[0] = i;
    for (let j = 1; j <= to.length; j++) {
      const replaced = diagonal + (from.charCodeAt(i - 1) == to.charCodeAt(j - 1) ? 0 : 1);
      diagonal = row[j];
      row[j] = min(replaced, min(row[j], row[j - 1]) + 1);
    }
  }
  return row[to.length];
}
