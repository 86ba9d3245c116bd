import { beforeAll, describe, expect, test } from "vitest";
import { type Guest, loadModule } from "./compile.ts";
import { Random } from "./random.ts";

type Coding = (pointer: number) => number;

interface EncodingsModule {
  toBase64: Coding;
  fromBase64: Coding;
  toBase64Url: Coding;
  fromBase64Url: Coding;
  toHex: Coding;
  fromHex: Coding;
}

let guest: Guest<EncodingsModule>;

beforeAll(async () => {
  guest = await loadModule<EncodingsModule>("encodings");
});

const encodings = [
  ["base64", "toBase64", "fromBase64"],
  ["base64url", "toBase64Url", "fromBase64Url"],
  ["hex", "toHex", "fromHex"],
] as const;

function encode(name: "toBase64" | "toBase64Url" | "toHex", bytes: Uint8Array): string {
  return Buffer.from(guest.bytes(guest.call[name](guest.buffer(bytes)))).toString("latin1");
}

/** The bytes that a text stands for, as latin1; null when it is refused. */
function decode(name: "fromBase64" | "fromBase64Url" | "fromHex", text: string): string | null {
  const pointer = guest.call[name](guest.buffer(Buffer.from(text, "latin1")));
  return pointer === 0 ? null : Buffer.from(guest.bytes(pointer)).toString("latin1");
}

describe.each(encodings)("%s", (encoding, to, from) => {
  test("encodes and decodes all lengths up to 100 as Node does", () => {
    const random = new Random(1);
    for (let length = 0; length <= 100; length++) {
      const bytes = Buffer.from(random.list(length, () => random.below(256)));
      expect(encode(to, bytes)).toBe(bytes.toString(encoding));
      expect(decode(from, bytes.toString(encoding))).toBe(bytes.toString("latin1"));
    }
  });

  test("decodes 20,000 generated texts only where encoding gives the same text again", () => {
    const random = new Random(2);
    const characters: [string, ...string[]] = ["\0", "\x80", "\xff", ..."AZaz09+/-_==fF \n"];
    for (let i = 0; i < 20_000; i++) {
      const text = random.list(random.below(9), () => random.pick(characters)).join("");
      const bytes = decode(from, text);
      const again = bytes === null ? null : Buffer.from(bytes, "latin1").toString(encoding);
      const expected = Buffer.from(text, "latin1").toString("latin1");
      const isSound = Buffer.from(text, encoding).toString(encoding) === sameCase(text);
      expect(again, JSON.stringify(text)).toBe(isSound ? sameCase(expected) : null);
    }
    function sameCase(text: string): string {
      return encoding === "hex" ? text.toLowerCase() : text;
    }
  });
});

test.each([
  ["no padding", "Zg"],
  ["one = too few", "Zg="],
  ["one = too many", "Zm8=="],
  ["nothing but padding", "===="],
  ["padding in the middle", "Zg==Zg=="],
  ["three =", "Z==="],
  ["stray bits", "Zh=="],
  ["stray bits before one =", "Zm9="],
  ["the other alphabet", "-_-_"],
  ["a line feed", "Zm9v\n"],
  ["a blank", "Zm 9"],
  ["a byte beyond ASCII", "Zm9\xe9"],
  ["NUL", "Zm9\0"],
])("base64 with %s is refused", (_, text) => {
  expect(decode("fromBase64", text)).toBeNull();
});

test.each([
  ["padding", "Zg=="],
  ["stray bits", "Zh"],
  ["a single character", "Z"],
  ["the other alphabet", "+/+/"],
  ["a dot", "Zm.v"],
])("base64url with %s is refused", (_, text) => {
  expect(decode("fromBase64Url", text)).toBeNull();
});

test.each(["f", "0g", "0x", " 0", "0\0", "\xc6\xb0"])("%j is no hex", (text) => {
  expect(decode("fromHex", text)).toBeNull();
});
