import { readFileSync } from "node:fs";
import fc from "fast-check";
import { lintText } from "proxy-wasm-harness";
import { expect, test } from "vitest";
import { brokenConfigurations, root } from "./lint-configs.ts";

const texts = [
  readFileSync(`${root}envoy-configs/header-authz.yaml`, "utf8"),
  ...brokenConfigurations.map(({ text }) => text),
];
const pieces = [
  "*a",
  "&a ",
  "[",
  "]",
  "{",
  "}",
  ": ",
  "- ",
  "~",
  "<<",
  "'",
  '"',
  "\t",
  "|\n",
  "@type",
  "1e999",
  "-0x1",
  "!!map ",
  "---\n",
  "\u0000",
  "🦊",
];

/** A configuration with a few pieces cut out, doubled, or replaced by what YAML gives a meaning. */
const mutated = fc
  .tuple(
    fc.constantFrom(...texts),
    fc.array(fc.tuple(fc.nat(), fc.nat({ max: 40 }), fc.constantFrom(...pieces, "")), {
      minLength: 1,
      maxLength: 6,
    }),
  )
  .map(([text, edits]) =>
    edits.reduce((edited, [at, length, piece]) => {
      const start = at % (edited.length + 1);
      return edited.slice(0, start) + piece + edited.slice(start + length);
    }, text),
  );

test("no text makes lint throw, and each finding has a place in the text", () => {
  fc.assert(
    fc.property(fc.oneof(mutated, fc.string(), fc.json()), (text) => {
      const lines = text.split("\n").length;
      for (const { line, column, message } of lintText(text, { folder: root })) {
        expect(line).toBeGreaterThan(0);
        expect(line).toBeLessThanOrEqual(lines + 1);
        expect(column).toBeGreaterThan(0);
        expect(message).not.toBe("");
      }
    }),
    { numRuns: 300 },
  );
});
