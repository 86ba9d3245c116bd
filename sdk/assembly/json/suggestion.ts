/** Words that differ in more letters than this are not taken for each other. */
const FARTHEST = 2;

/** Words longer than this are not compared. */
const LONGEST = 64;

/** The distances of a word's beginning from all beginnings of another one, a byte each. */
// @ts-ignore: decorator
@lazy
const row: usize = memory.data(65);

/** How many words were compared: for proofs that time is linear. */
export let comparisons: i32 = 0;

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
  comparisons++;
  if (max(from.length, to.length) > LONGEST) return LONGEST;
  for (let j = 0; j <= to.length; j++) store<u8>(row + j, j);
  for (let i = 0; i < from.length; i++) {
    let diagonal = i;
    let left = i + 1;
    for (let j = 0; j < to.length; j++) {
      const above = <i32>load<u8>(row + j, 1);
      const replaced = diagonal + (from.charCodeAt(i) == to.charCodeAt(j) ? 0 : 1);
      left = min(replaced, min(above, left) + 1);
      diagonal = above;
      store<u8>(row + j, left, 1);
    }
  }
  return load<u8>(row + to.length);
}
