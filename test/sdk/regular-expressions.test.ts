import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { type Guest, loadModule } from "./compile.ts";

interface ExpressionModule {
  parse(pattern: number): number;
  matches(text: number): number;
  lastSteps(): number;
}

let guest: Guest<ExpressionModule>;

beforeAll(async () => {
  guest = await loadModule<ExpressionModule>("regular-expressions");
});

function problemOf(pattern: string | Uint8Array): string | null {
  const problem = guest.call.parse(guest.buffer(Buffer.from(pattern)));
  return problem === 0 ? null : guest.string(problem);
}

function matches(pattern: string, text: string | Uint8Array): boolean {
  expect(problemOf(pattern), pattern).toBeNull();
  return guest.call.matches(guest.buffer(Buffer.from(text))) !== 0;
}

describe("an expression", () => {
  test.each([
    ["", "", true],
    ["", "a", false],
    ["admin", "admin", true],
    ["admin", "administrator", false],
    ["admin", "xadmin", false],
    ["a|b|cd", "cd", true],
    ["a|b|cd", "c", false],
    ["(a|)b", "b", true],
    ["(?:ab)+", "abab", true],
    ["(?:ab)+", "aba", false],
    ["a{2}", "aa", true],
    ["a{2}", "aaa", false],
    ["a{2,}", "aaaaa", true],
    ["a{0,2}b", "aab", true],
    ["a{0,2}b", "aaab", false],
    ["a{0}b", "b", true],
    ["(a|b){2,3}c", "abac", true],
    ["(a|b){2,3}c", "ac", false],
    ["(?i)AdMiN[x-z]", "aDmInY", true],
    ["(?i)[^a]", "A", false],
    ["\\x41\\.\\n\\t", "A.\n\t", true],
    ["[\\x00-\\x1f]", "\x07", true],
    ["[a\\-z]", "-", true],
    ["[-a]", "-", true],
    ["[a-]", "-", true],
    ["[^\\w.]+", "-!", true],
    ["^a$", "a", true],
    ["a^b", "ab", false],
    ["\\bfoo\\b.*", "foo bar", true],
    ["foo\\b.*", "foobar", false],
    ["foo\\B.*", "foobar", true],
    ["a*?b+?", "aab", true],
    ["/v[12]/users/\\d+", "/v2/users/17", true],
    ["/v[12]/users/\\d+", "/v3/users/17", false],
  ])("%j takes %j as a whole: %s", (pattern, text, expected) => {
    expect(matches(pattern, text)).toBe(expected);
  });

  test("looks at bytes, and at a character of several bytes as one piece", () => {
    expect(matches("é+", "éé")).toBe(true);
    expect(matches("é+", Uint8Array.of(0xc3, 0xa9, 0xa9))).toBe(false);
    expect(matches("..", "é")).toBe(true);
    expect(matches("[^a]\\xff", Uint8Array.of(0x80, 0xff))).toBe(true);
  });

  test("lets no newline hide what follows it", () => {
    expect(matches("/admin/.*", "/admin/a\nb")).toBe(true);
  });
});

describe("refused with its place", () => {
  test.each([
    ["abc(d", "unmatched ( at 3"],
    ["a)b", "unmatched ) at 1"],
    ["a[b", "unmatched [ at 1"],
    ["a[]b]", "an empty class at 1"],
    ["[z-a]", "a range that ends before it begins at 1"],
    ["[\\d-z]", "a range that begins with a set at 3"],
    ["[a-c-e]", "a - that is no range: say \\- at 4"],
    ["[[:alpha:]]", "a named class such as [:alpha:] at 1"],
    ["[é]", "a character of several bytes in a class at 1"],
    ["*a", "nothing to repeat at 0"],
    ["a|+", "nothing to repeat at 2"],
    ["(?:*)", "nothing to repeat at 3"],
    ["^*", "nothing to repeat at 1"],
    ["\\b+", "nothing to repeat at 2"],
    ["a**", "a repetition of a repetition at 2"],
    ["a{2}{3}", "a repetition of a repetition at 4"],
    ["a{x}", "a { that is no repetition such as {2,5}: say \\{ at 1"],
    ["a{", "a { that is no repetition such as {2,5}: say \\{ at 1"],
    ["a{3,2}", "a repetition whose most is less than its least at 1"],
    ["a{1001}", "more than 1000 repetitions at 1"],
    ["a{99999999999}", "a { that is no repetition such as {2,5}: say \\{ at 1"],
    ["(?=a)", "a look-around, which takes more than linear time, at 0"],
    ["a(?!b)", "a look-around, which takes more than linear time, at 1"],
    ["(?<=a)b", "a look-around, which takes more than linear time, at 0"],
    ["(?<!a)b", "a look-around, which takes more than linear time, at 0"],
    ["(a)\\1", "a back reference, which takes more than linear time, at 3"],
    ["(?<n>a)\\k<n>", "a group with a name at 0"],
    ["(?P<n>a)", "a group with a name at 0"],
    ["a(?i)b", "a flag other than (?i) as the beginning at 1"],
    ["(?s)b", "a flag other than (?i) as the beginning at 0"],
    ["a\\", "a lone \\ at 1"],
    ["\\q", "an unknown escape \\q at 0"],
    ["\\0", "an unknown escape \\0 at 0"],
    ["\\pL", "an unknown escape \\p at 0"],
    ["\\xg0", "\\x without two hexadecimal digits at 0"],
    ["a{1000}", "longer than 1000 instructions at 0"],
    ["((a{100}){100}){100}", "longer than 1000 instructions at 0"],
  ])("%j: %s", (pattern, problem) => {
    expect(problemOf(pattern)).toBe(problem);
    expect(guest.call.matches(guest.buffer([]))).toBe(0);
  });

  test("when it is a megabyte", () => {
    expect(problemOf("x".repeat(1_000_000))).toBe("longer than 1000 instructions at 0");
    expect(problemOf("(".repeat(1_000_000))).toBe("groups nested deeper than 100 at 100");
    expect(problemOf(`[${"x".repeat(1_000_000)}`)).toBe("unmatched [ at 0");
  });

  test("also when it is nonsense: no text traps the reader", () => {
    const pieces = fc.constantFrom(..."()[]{}|*+?^$\\-,:=!<>ixa10dwsb.é\xff\0".split(""));
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 24 }), (parts) => {
        problemOf(Buffer.from(parts.join(""), "latin1"));
        guest.call.matches(guest.buffer(Buffer.from("aax1")));
      }),
      { numRuns: 20_000 },
    );
  });

  test("beyond 1,000 instructions, and not up to them", () => {
    expect(problemOf("a{999}")).toBeNull();
    expect(matches("a{999}", "a".repeat(999))).toBe(true);
    expect(matches("a{999}", "a".repeat(998))).toBe(false);
  });

  test("for empty repetitions of empty repetitions without delay", () => {
    expect(problemOf(`${"(".repeat(50)}${"){1000}".repeat(50)}`)).toBeNull();
    expect(problemOf(`${"(".repeat(50)}a${"){0,1000}".repeat(50)}`)).toContain("instructions");
  });
});

/** Expressions that mean the same here and in JavaScript. */
const { expression } = fc.letrec<{ expression: string; piece: string; atom: string }>((tie) => ({
  atom: fc.oneof(
    { maxDepth: 3, depthIdentifier: "nesting" },
    fc.constantFrom(
      "a",
      "b",
      "c",
      "\\.",
      " ",
      ".",
      "\\d",
      "\\D",
      "\\w",
      "\\W",
      "\\s",
      "\\S",
      "[ab]",
      "[^ab]",
    ),
    fc.constantFrom("[a-c]", "[^\\w ]", "[\\d_]", "\\x61", "[\\x00-a]", "(?:)", "()"),
    tie("expression").map((inner) => `(?:${inner})`),
    tie("expression").map((inner) => `(${inner})`),
  ),
  piece: fc.oneof(
    { weight: 4, arbitrary: tie("atom") },
    {
      weight: 3,
      arbitrary: fc
        .tuple(
          tie("atom"),
          fc.constantFrom("*", "+", "?", "{2}", "{0}", "{1,}", "{0,2}", "{1,3}", "*?", "+?"),
        )
        .map((parts) => parts.join("")),
    },
    { weight: 1, arbitrary: fc.constantFrom("\\b", "\\B", "^", "$") },
  ),
  expression: fc
    .array(
      fc.array(tie("piece"), { maxLength: 4 }).map((pieces) => pieces.join("")),
      { minLength: 1, maxLength: 3 },
    )
    .map((alternatives) => alternatives.join("|")),
}));

const text = fc.array(fc.constantFrom(..."abc.A1 _\n\t-é"), { maxLength: 9 }).map((bytes) => bytes.join(""));

describe("8,000 generated expressions and texts", () => {
  test.each([
    ["agree with JavaScript", "", "s"],
    ["agree with JavaScript in either case", "(?i)", "si"],
  ])("%s", (_, prefix, flags) => {
    let matched = 0;
    fc.assert(
      fc.property(expression, fc.array(text, { maxLength: 6 }), (pattern, texts) => {
        const oracle = new RegExp(`^(?:${pattern})$`, flags);
        fc.pre(problemOf(prefix + pattern) === null);
        for (const sample of [...texts, "", "a", "ab", "bca", "A1"]) {
          const bytes = guest.buffer(Buffer.from(sample, "latin1"));
          const isTaken = guest.call.matches(bytes) !== 0;
          expect(isTaken, JSON.stringify([pattern, sample])).toBe(oracle.test(sample));
          if (isTaken) matched++;
        }
      }),
      { numRuns: 4_000 },
    );
    expect(matched).toBeGreaterThan(2_000);
  });
});

describe("time grows with the length of the text, whatever it holds", () => {
  test.each([
    ["(a*)*b", "a"],
    ["(a|a)*c", "a"],
    ["(a|aa)+$b", "a"],
    ["(.*)(.*)(.*)(.*)x", "a"],
    ["([a-z]+)*\\d", "ab"],
    ["(a?){100}a{100}b", "a"],
  ])("%s", (pattern, unit) => {
    const stepsOf = (length: number): number => {
      expect(matches(pattern, unit.repeat(length).slice(0, length))).toBe(false);
      return guest.call.lastSteps();
    };
    const [half, whole] = [stepsOf(32 * 1024), stepsOf(64 * 1024)];

    expect(whole).toBeLessThanOrEqual(half * 2);
    expect(whole).toBeLessThanOrEqual(64 * 1024 * 450);
  });

  test("no byte costs more steps than there are instructions", () => {
    expect(matches("(a|b|ab)*c", "ab".repeat(1000))).toBe(false);
    expect(guest.call.lastSteps()).toBeLessThanOrEqual(2001 * 13);
  });

  test("a text that no way leads through is left at once", () => {
    expect(matches("/v1/.*", "/v2/".padEnd(64 * 1024, "x"))).toBe(false);
    expect(guest.call.lastSteps()).toBeLessThan(10);
  });
});
