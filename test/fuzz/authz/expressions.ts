import fc from "fast-check";

/** A regular expression, and what it is for JavaScript, which has bytes as characters. */
export interface Expression {
  readonly source: string;
  readonly peer: string;
}

const bytes = (text: string): string => Buffer.from(text).toString("latin1");
const same = (source: string): Expression => ({ source, peer: source });
const joined = (parts: readonly Expression[], by = ""): Expression => ({
  source: parts.map(({ source }) => source).join(by),
  peer: parts.map(({ peer }) => peer).join(by),
});

const blanks: ReadonlyArray<readonly [RegExp, string]> = [
  [/\\s/g, "\\t-\\r "],
  [/\\S/g, "\\0-\\x08\\x0e-\\x1f!-\\xff"],
];
const classItem = fc.constantFrom(
  ..."a Z _ . ) a-c 0-9 X-b \\d \\D \\w \\W \\s \\S \\n \\t \\r \\f \\v \\] \\- \\x41 \\x7A-\\x7f -".split(
    " ",
  ),
);
const charClass = fc
  .tuple(fc.constantFrom("[", "[^"), fc.uniqueArray(classItem, { minLength: 1, maxLength: 4 }))
  .map(([open, items]): Expression => {
    const text = [...items.filter((item) => item !== "-"), ...items.filter((item) => item === "-")].join("");
    return {
      source: `${open}${text}]`,
      peer: `${open}${blanks.reduce((peer, [from, to]) => peer.replace(from, () => to), text)}]`,
    };
  });

const literal = fc.constantFrom<Expression>(
  ..."a b A _ 1 \\x41 \\x7a \\. \\{ \\/ \\n \\t \\r \\f \\v \\d \\D \\w \\W } ]".split(" ").map(same),
  ...[" ", ",", "-"].map(same),
  { source: "é", peer: `(?:${bytes("é")})` },
  { source: ".", peer: "[^]" },
  { source: "\\s", peer: "[\\t-\\r ]" },
  { source: "\\S", peer: "[^\\t-\\r ]" },
);
const assertion = fc.constantFrom(...["^", "$", "\\b", "\\B"].map(same));
const times = fc.constantFrom(
  "",
  "",
  "*",
  "+",
  "?",
  "{2}",
  "{0}",
  "{1,}",
  "{0,}",
  "{0,2}",
  "{1,3}",
  "{2,}?",
  "+?",
);

function sequenceOf(atom: fc.Arbitrary<Expression>): fc.Arbitrary<Expression> {
  const repeated = fc
    .tuple(atom, times)
    .map(([{ source, peer }, count]) => ({ source: source + count, peer: peer + count }));
  const piece = fc.oneof({ weight: 6, arbitrary: repeated }, { weight: 1, arbitrary: assertion });
  return fc.array(piece, { maxLength: 3 }).map((pieces) => joined(pieces));
}

function alternativesOf(atom: fc.Arbitrary<Expression>): fc.Arbitrary<Expression> {
  return fc.array(sequenceOf(atom), { minLength: 1, maxLength: 3 }).map((each) => joined(each, "|"));
}

const single = fc.oneof({ weight: 3, arbitrary: literal }, { weight: 1, arbitrary: charClass });
const group = fc
  .tuple(fc.constantFrom("(", "(?:"), alternativesOf(single))
  .map(([open, { source, peer }]): Expression => ({ source: `${open}${source})`, peer: `${open}${peer})` }));

/** Expressions of every construct that the SDK reads. */
export const soundExpression: fc.Arbitrary<Expression> = alternativesOf(
  fc.oneof({ weight: 3, arbitrary: single }, { weight: 1, arbitrary: group }),
);

const nested = "(".repeat(101) + ")".repeat(101);
const wrong =
  ") ( a(b a|) *a +a ?a {2} |* a** a{2}+ ^* \\b+ $? [ [a [^a [] [b-a] [a-\\n] [\\d-z] [a-c-e] [--a] [[:alpha:]] [é] [\\x4] [\\q] \\ " +
  "\\x4 \\xg1 \\1 \\k \\q \\é \\Q a{ a{,2} a{2,1} a{1001} a{2,9999} a{2 a{x} (?=a) (?!a) (?<=a) (?<!a) (?<n>a) (?P<n>a) (?s)a b(?i)a (? " +
  "(a{500}){3} a{1000}b{1000} (a|b){1000} (a*b?){900} (ab){400,800} [a]{1000}|b";

/** Expressions with each error of syntax, at some place. */
export const wrongExpression: fc.Arbitrary<string> = fc
  .tuple(soundExpression, fc.constantFrom(...wrong.split(" "), "\\ ", "[\\\t]", "\\\t", nested))
  .map(([{ source }, error]) => `${source}|${error}`);

/** Texts of one character a byte that such expressions are about. */
export const subjectText: fc.Arbitrary<string> = fc
  .array(fc.constantFrom(..."abzAZ_1 0.,-{}]\t".split(""), bytes("é")), { maxLength: 8 })
  .map((parts) => parts.join(""));

/** Whether the whole text matches for JavaScript. */
export function peerMatches({ peer }: Expression, ignoresCase: boolean, text: string): boolean {
  return new RegExp(`^(?:${peer})$`, ignoresCase ? "i" : "").test(text);
}
