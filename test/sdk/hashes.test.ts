import { createHash, createHmac } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { type Guest, loadModule } from "./compile.ts";
import { Random } from "./random.ts";

interface HashesModule {
  digest(bytes: number): number;
  digestInParts(bytes: number, partLength: number): number;
  hmac(key: number, bytes: number): number;
  hmacOfTwo(key: number, bytes: number, length: number): number;
  sipHash(key: number, bytes: number): bigint;
}

let guest: Guest<HashesModule>;

beforeAll(async () => {
  guest = await loadModule<HashesModule>("hashes");
});

const hex = (pointer: number): string => Buffer.from(guest.bytes(pointer)).toString("hex");
const ascending = (length: number): Buffer => Buffer.from(Array.from({ length }, (_, i) => i & 255));
const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

function randomBytes(random: Random, length: number): Buffer {
  return Buffer.from(random.list(length, () => random.below(256)));
}

describe("SHA-256", () => {
  test("of all lengths up to 300 is what Node says", () => {
    for (let length = 0; length <= 300; length++) {
      const bytes = ascending(length);
      expect(hex(guest.call.digest(guest.buffer(bytes))), `${length}`).toBe(sha256(bytes));
    }
  });

  test.each([65_535, 65_536, 1_000_003])("of %i random bytes is what Node says", (length) => {
    const bytes = randomBytes(new Random(length), length);
    expect(hex(guest.call.digest(guest.buffer(bytes)))).toBe(sha256(bytes));
  });

  test.each([1, 7, 55, 63, 64, 65, 127, 128, 1000])("in parts of %i bytes is the same", (partLength) => {
    for (const length of [0, 55, 56, 64, 200, 300]) {
      const bytes = randomBytes(new Random(length), length);
      expect(hex(guest.call.digestInParts(guest.buffer(bytes), partLength))).toBe(sha256(bytes));
    }
  });
});

describe("HMAC-SHA256", () => {
  const repeated = (byte: number, count: number): Buffer => Buffer.alloc(count, byte);
  const longKey = "Test Using Larger Than Block-Size Key - Hash Key First";
  const longData =
    "This is a test using a larger than block-size key and a larger than block-size data. " +
    "The key needs to be hashed before being used by the HMAC algorithm.";

  // RFC 4231, sections 4.2 to 4.8; the fifth case gives the first 16 bytes.
  // prettier-ignore
  test.each([
    [1, repeated(0x0b, 20), Buffer.from("Hi There"), "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"],
    [2, Buffer.from("Jefe"), Buffer.from("what do ya want for nothing?"), "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"],
    [3, repeated(0xaa, 20), repeated(0xdd, 50), "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"],
    [4, Buffer.from(Array.from({ length: 25 }, (_, i) => i + 1)), repeated(0xcd, 50), "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"],
    [5, repeated(0x0c, 20), Buffer.from("Test With Truncation"), "a3b6167473100ee06e0c796c2955552b"],
    [6, repeated(0xaa, 131), Buffer.from(longKey), "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"],
    [7, repeated(0xaa, 131), Buffer.from(longData), "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"],
  ])("has the code of RFC 4231's case %i", (_, key, bytes, expected) => {
    const code = hex(guest.call.hmac(guest.buffer(key), guest.buffer(bytes)));
    expect(code.slice(0, expected.length)).toBe(expected);
  });

  test("with keys of all lengths up to 130, in two parts, is what Node says", () => {
    for (let length = 0; length <= 130; length++) {
      const [key, bytes] = [ascending(length), randomBytes(new Random(length), 3 * length)];
      const code = guest.call.hmacOfTwo(guest.buffer(key), guest.buffer(bytes), length);
      expect(hex(code), `${length}`).toBe(createHmac("sha256", key).update(bytes).digest("hex"));
    }
  });
});

describe("SipHash-2-4", () => {
  // The reference implementation's vectors: key 00…0f, message 00…, by the message's length.
  test.each([
    [0, "310e0edd47db6f72"],
    [1, "fd67dc93c539f874"],
    [2, "5a4fa9d909806c0d"],
    [7, "37d1018bf50002ab"],
    [8, "6224939a79f5f593"],
    [9, "b0e4a90bdf82009e"],
    [14, "eef27a8e90ca23f7"],
    [15, "e545be4961ca29a1"],
    [16, "db9bc2577fcc2a3f"],
    [63, "724506eb4c328a95"],
  ])("of %i bytes has the reference's hash", (length, expected) => {
    const hash = BigInt.asUintN(
      64,
      guest.call.sipHash(guest.buffer(ascending(16)), guest.buffer(ascending(length))),
    );
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64LE(hash);
    expect(bytes.toString("hex")).toBe(expected);
  });

  test("of the same bytes differs under keys that differ in one bit", () => {
    const hashes = new Set<bigint>();
    for (let bit = 0; bit < 128; bit++) {
      const key = Buffer.alloc(16);
      key[bit >> 3] = 1 << (bit & 7);
      hashes.add(guest.call.sipHash(guest.buffer(key), guest.buffer(Buffer.from("client"))));
    }
    expect(hashes.size).toBe(128);
  });
});
