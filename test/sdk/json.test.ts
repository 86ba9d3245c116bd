import { beforeAll, describe, expect, test } from "vitest";
import { type Guest, loadModule } from "./compile.ts";
import { Random } from "./random.ts";

interface JsonModule {
  parse(text: number): number;
  integer(text: number): bigint;
  configure(text: number): number;
  keysMet(): number;
  wordsCompared(): number;
}

let guest: Guest<JsonModule>;

beforeAll(async () => {
  guest = await loadModule<JsonModule>("json");
});

/** The guest's reading of a text as a value, or its reason to refuse it, which begins with `!`. */
function parse(text: string | Uint8Array): string {
  return guest.string(guest.call.parse(guest.buffer(Buffer.from(text))));
}

function problemOf(configuration: string): string | null {
  const problem = guest.call.configure(guest.buffer(Buffer.from(configuration)));
  return problem === 0 ? null : guest.string(problem);
}

const integer = (text: string): bigint => guest.call.integer(guest.buffer(Buffer.from(text)));

describe("values", () => {
  test("3,000 generated texts mean what they mean to JSON.parse", () => {
    const random = new Random(4);
    for (let i = 0; i < 3_000; i++) {
      const text = generate(random, 4);
      expect(JSON.parse(parse(text)), text).toEqual(JSON.parse(text));
    }
  });

  test("20,000 damaged texts are accepted when JSON.parse accepts them, and only then", () => {
    const random = new Random(5);
    let accepted = 0;
    for (let i = 0; i < 20_000; i++) {
      const text = damage(generate(random, 3), random);
      const read = parse(text);
      if (isStricter(read)) continue;
      expect(!read.startsWith("!"), `${text} → ${read}`).toBe(isJson(text));
      if (!read.startsWith("!")) accepted++;
    }
    expect(accepted).toBeGreaterThan(2_000);
  });

  test.each([
    ["a member that nothing parts from the next", '{"a":1 "b":2}', "!1: expected , or }"],
    ["a key that occurs twice", '{"a":1,\n"a":2}', "!2: the key a occurs twice"],
    ["a key that occurs twice, once escaped", '{"a":1,"\\u0061":2}', "!1: the key a occurs twice"],
    [
      "a key that occurs twice among many",
      `{${Array.from({ length: 20 }, (_, i) => `"k${i}":0`).join()},"k3":0}`,
      "!1: the key k3 occurs twice",
    ],
    [
      "a key that is another's escaped form",
      '[{"a\\\\":1},{"a\\n":1,"a\\n":2}]',
      "!1: the key a\n occurs twice",
    ],
    ["a lone surrogate", '"\\ud800"', "!1: a string holds a malformed escape"],
    ["two low surrogates", '"\\udc00\\udc00"', "!1: a string holds a malformed escape"],
    ["a low surrogate first", '"\\udc00\\ud800"', "!1: a string holds a malformed escape"],
    ["a control character", '"\u0001"', "!1: a control character in a string must be escaped"],
    ["an open string", '\n\n"abc', "!3: a string is not closed"],
    ["a trailing comma", '{"a":1,}', "!1: expected a key in quotes"],
    ["a comment", "// no", "!1: expected a value"],
    ["a byte order mark", "\ufeff{}", "!1: expected a value"],
    ["a leading zero", "012", "!1: a number is malformed"],
    ["a second value", "{}\n{}", "!2: nothing may follow the value"],
    ["nothing", "", "!1: expected a value"],
    ["a NUL behind the value", "{}\0", "!1: nothing may follow the value"],
  ])("%s is refused with line and reason", (_, text, expected) => {
    expect(parse(text)).toBe(expected);
  });

  test("each of 300 keys is noticed when it occurs twice", () => {
    const keys = Array.from({ length: 300 }, (_, i) => `k${i}`);
    for (const twice of keys) {
      const text = `{${[...keys, twice].map((key) => `"${key}":0`).join()}}`;
      expect(parse(text)).toBe(`!1: the key ${twice} occurs twice`);
    }
  });

  test("ill-formed UTF-8 in a string is refused", () => {
    expect(parse(Uint8Array.of(0x22, 0xc1, 0xa1, 0x22))).toBe("!1: a string is not well-formed UTF-8");
  });

  test("nesting is read up to 32 levels, and refused beyond", () => {
    expect(parse("[".repeat(32) + "]".repeat(32))).toBe("[".repeat(32) + "]".repeat(32));
    expect(parse("[".repeat(33) + "]".repeat(33))).toBe("!1: nested deeper than 32 levels");
    expect(parse("[".repeat(1_000_000))).toBe("!1: nested deeper than 32 levels");
  });

  test("the members of an object of 50,000 are not compared pair by pair", () => {
    const members = Array.from({ length: 50_000 }, (_, i) => `"key${i}":0`);
    const before = guest.call.keysMet();
    expect(parse(`[{${members.join()}}, 1 1]`)).toBe("!1: expected , or ]");
    expect(guest.call.keysMet() - before).toBeLessThan(10_000_000);
  });
});

describe("hostile objects", () => {
  test("of 500 keys that have one place by Bytes.hash, few meet in the table", () => {
    const keys = collidingKeys(500);
    const before = guest.call.keysMet();
    expect(parse(`{${keys.map((key) => `"${key}":0`).join()}}`)).toMatch(/^\{/);
    expect(guest.call.keysMet() - before).toBeLessThan(2_000);
  });

  test("of 4,000 unknown keys one is compared with the known ones", () => {
    const members = Array.from({ length: 4_000 }, (_, i) => `"rulex${i}":0`);
    const before = guest.call.wordsCompared();
    expect(problemOf(`{"rules":[],${members.join()}}`)).toMatch(/^rulex0 \(line 1\): unknown key/);
    expect(guest.call.wordsCompared() - before).toBeLessThan(10);
  });
});

describe("whole numbers", () => {
  const NONE = -(2n ** 63n);

  test.each([
    ["0", 0n],
    ["-0", 0n],
    ["1e3", 1000n],
    ["1000.0", 1000n],
    ["-12.50e1", -125n],
    ["9007199254740991", 9007199254740991n],
    ["9007199254740992", NONE],
    ["1.5", NONE],
    ["1e-1", NONE],
    ["90071992547409910e-1", 9007199254740991n],
    ["900719925474099109e-1", NONE],
    ["1.5e-99999999999999999999", NONE],
    ["1e18446744073709551616", NONE],
    ["0e", NONE],
    ["1.", NONE],
    ["-", NONE],
    ["1e99999999999", NONE],
    ["0e99999999999", 0n],
    ["123456789012345678901234567890", NONE],
  ])("%s reads as %s", (text, expected) => {
    expect(integer(text)).toBe(expected);
  });
});

describe("a configuration", () => {
  test.each([['{"rules":[{"header":"a"}]}'], ['{"rules":[],"repeated":"first","limit":1e3}']])(
    "%s is accepted",
    (text) => {
      expect(problemOf(text)).toBeNull();
    },
  );

  test.each([
    ["", "rules (line 1): is missing: it must be an array"],
    ['{\n"rulez":[]}', "rulez (line 2): unknown key; did you mean rules?"],
    ["[]", "line 1: must be an object"],
    ['{"rules":\n7}', "rules (line 2): must be an array"],
    ['{"rules":[{"header":"a"},\n{"header":4}]}', "rules[1].header (line 2): must be a string"],
    ['{"rules":[\n{}]}', "rules[0].header (line 2): is missing: it must be a string"],
    ['{"rules":[{"leader":"a"}]}', "rules[0].header (line 1): is missing: it must be a string"],
    ['{"rules":[{"leader":"a","headr":"b"}]}', "rules[0].headr (line 1): unknown key; did you mean header?"],
    ['{"rules":[{"header":"a","invert":"yes"}]}', "rules[0].invert (line 1): must be true or false"],
    ['{"rules":[],"repeated":"last"}', "repeated (line 1): must be one of refuse, first"],
    ['{"rules":[],"repeatd":"first"}', "repeatd (line 1): unknown key; did you mean repeated?"],
    ['{"rules":[{"header":"a","colour":1}]}', "rules[0].colour (line 1): unknown key"],
    ['{"rules":[],"by":{"prefx":1}}', "by.prefx (line 1): unknown key; did you mean prefix?"],
    ['{"rules":[],"by":{}}', "by (line 1): must have either exact or prefix"],
    ['{"rules":[],"by":{"exact":1,"prefix":1}}', "by (line 1): must have either exact or prefix"],
    ['{"rules":[],"limit":1001}', "limit (line 1): must be a whole number from 1 to 1000"],
    ['{"rules":[],"limit":1.5}', "limit (line 1): must be a whole number from 1 to 1000"],
    ["\n\u0003abc", "line 2: not JSON but binary: give the configuration as google.protobuf.StringValue"],
    ['{"rules":[],\n"limit"}', "line 2: not JSON: expected : after the key"],
  ])("%s is refused: %s", (text, expected) => {
    expect(problemOf(text)).toBe(expected);
  });

  test("of two problems the first is told", () => {
    expect(problemOf('{"rules":[{"header":1}],"limit":0}')).toBe(
      "rules[0].header (line 1): must be a string",
    );
  });
});

function generate(random: Random, depth: number): string {
  const blank = (): string => random.pick(["", "", "", " ", "\n", "\t\r"]);
  const inner = (): string => blank() + generate(random, depth - 1) + blank();
  const kind = random.below(depth > 0 ? 6 : 4);
  if (kind === 0) return random.pick(["null", "true", "false"]);
  if (kind === 1) return random.pick(["0", "-1", "12.5", "1e5", "-0.1E-2", "123456789"]);
  if (kind <= 3) return generateString(random);
  const items = random.list(random.below(12), inner);
  if (kind === 4) return `[${items.join(",")}]`;
  return `{${items.map((item, i) => `${blank()}${generateKey(random, i)}${blank()}:${item}`).join(",")}}`;
}

/** Without escapes: the JSON.parse of Node 24.21 takes `"a\\n"` for `"a\\\\"` when it has just seen an object with that key. */
function generateKey(random: Random, index: number): string {
  return `"key${index}${random.pick(["", "a", "é", "€", "\u{1F600}", " "])}"`;
}

function generateString(random: Random): string {
  const parts = random.list(random.below(5), () =>
    random.pick([
      "a",
      "é",
      "€",
      "\u{1F600}",
      '\\"',
      "\\\\",
      "\\/",
      "\\n",
      "\\u00e9",
      "\\uD83D\\uDE00",
      "\\u0000",
      "\u007f",
    ]),
  );
  return `"${parts.join("")}"`;
}

const WORD = 2n ** 64n;

/** Keys that the SDK's `Bytes.hash`, which has no secret, sends to one place of a table for so many, as for 1,023. */
function collidingKeys(count: number): string[] {
  const keys: string[] = [];
  for (let i = 0; keys.length < count; i++) {
    const key = i.toString(36).padStart(16, "-");
    if ((hashOf(key) & 1023n) === 0n) keys.push(key);
  }
  return keys;
}

/** As `hashBytes` of `sdk/assembly/bytes/search.ts`, for 16 bytes. */
function hashOf(key: string): bigint {
  const bytes = Buffer.from(key);
  return mix(mix(mix(16n ^ bytes.readBigUInt64LE(0)) ^ bytes.readBigUInt64LE(8)));
}

function mix(bits: bigint): bigint {
  const product = (bits * 0x9e37_79b9_7f4a_7c15n) % WORD;
  return product ^ (product >> 32n);
}

/** Replaces, inserts or removes one character, apt to matter to JSON. */
function damage(text: string, random: Random): string {
  const at = random.below(text.length + 1);
  const inserted = random.pick([
    "",
    '"',
    ",",
    ":",
    "]",
    "}",
    "[",
    "{",
    "0",
    "-",
    ".",
    "e",
    "\\",
    " ",
    "t",
    "\u0001",
  ]);
  return text.slice(0, at) + inserted + text.slice(at + random.below(2));
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

/** What the guest refuses and JSON.parse does not: repeated keys, and surrogates without their half. */
function isStricter(read: string): boolean {
  return read.endsWith("occurs twice") || read.endsWith("a string holds a malformed escape");
}
