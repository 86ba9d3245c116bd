/** JavaScript beside the filter, which vitest counts itself. */
export function sum(left: number, right: number): number {
  if (left === 0) return right;
  return left + right;
}
