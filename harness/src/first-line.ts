/** A text up to where its first line ends. */
export function firstLine(text: string): string {
  return text.split("\n", 1)[0] ?? "";
}
