import { readFile } from "node:fs/promises";

/** The source of a guest, as traps name it: `test/guests/traps/index.ts`. */
export const sourceOf = (guest: string): string => `test/guests/${guest}/index.ts`;

/** The number of the only line of a guest's source that has a text. */
export async function lineOf(guest: string, text: string): Promise<number> {
  const lines = (await readFile(new URL(`${guest}/index.ts`, import.meta.url), "utf8")).split("\n");
  const [line, ...others] = lines.flatMap((each, i) => (each.includes(text) ? [i + 1] : []));
  if (line === undefined || others.length > 0)
    throw new Error(
      `${sourceOf(guest)} has ${others.length + Number(line !== undefined)} lines with ${text}, not one`,
    );
  return line;
}
