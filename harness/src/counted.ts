/** A number and what it counts: `1 run`, `2 runs`, `3 entries`. */
export function counted(count: number, noun: string): string {
  return `${count} ${count === 1 ? noun : noun.replace(/y$/, "ie").concat("s")}`;
}
