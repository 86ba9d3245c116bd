// Passes its input on, and closes with the sum of the closing lines `N passed, N failed` that went by.
import { createInterface } from "node:readline";

const closing = /^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$/;
const total = [0, 0, 0];
for await (const line of createInterface({ input: process.stdin })) {
  console.log(line);
  const counts = closing.exec(line)?.slice(1) ?? [];
  counts.forEach((count = "0", i) => (total[i] += Number(count)));
}
const [passed, failed, skipped] = total;
console.log(`\nall of it:\n${passed} passed, ${failed} failed` + (skipped > 0 ? `, ${skipped} skipped` : ""));
