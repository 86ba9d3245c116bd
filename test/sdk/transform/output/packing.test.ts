import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { pack } from "../../../../sdk/transform/output/packing.js";
import { type Guest, loadModule } from "../../compile.ts";

interface StaticDataModule {
  unpack(steps: number, length: number): number;
}

let guest: Guest<StaticDataModule>;

beforeAll(async () => {
  guest = await loadModule<StaticDataModule>("static-data");
});

function unpacked(image: Uint8Array): Buffer {
  const steps = guest.buffer(pack(image));
  return Buffer.from(guest.bytes(guest.call.unpack(steps, image.length)));
}

/** What static data is made of: zeros, texts in UTF-16 and in UTF-8, numbers, and all of it again. */
const part = fc.oneof(
  fc.integer({ min: 1, max: 400 }).map((length) => Buffer.alloc(length)),
  fc.string({ unit: "binary", maxLength: 400 }).map((text) => Buffer.from(text, "utf16le")),
  fc.string({ maxLength: 400 }).map((text) => Buffer.from(text)),
  fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes)),
);
const image = fc
  .tuple(fc.array(part, { maxLength: 8 }), fc.array(fc.nat(), { maxLength: 8 }))
  .map(([parts, again]) => Buffer.concat([...parts, ...again.flatMap((i) => parts[i % parts.length] ?? [])]));

describe("packed data", () => {
  test.each([
    ["nothing", Buffer.alloc(0)],
    ["zeros at the end", Buffer.from("a\0\0\0\0\0\0\0")],
    ["a step of 62, 63, 318 and 319 bytes", Buffer.concat([62, 63, 318, 319].map((n) => Buffer.alloc(n, n)))],
    [
      "what comes again 128 bytes later",
      Buffer.concat([Buffer.from("again"), Buffer.alloc(123, 7), Buffer.from("again")]),
    ],
    ["what comes again 16,383 bytes later", farApart(16_383)],
    ["what comes again 16,384 bytes later", farApart(16_384)],
  ])("gives back %s", (_, bytes) => {
    expect(unpacked(bytes)).toEqual(bytes);
  });

  test("gives back 300 generated images", () => {
    fc.assert(
      fc.property(image, (bytes) => unpacked(bytes).equals(bytes)),
      { numRuns: 300 },
    );
  });

  test("has one byte for each character of a new text, however wide, and two or three for one that comes again", () => {
    const text = "must be a whole number";
    const once = pack(Buffer.from(text, "utf16le"));
    expect(once).toHaveLength(1 + text.length);
    expect(pack(Buffer.from(text + text, "utf16le"))).toHaveLength(once.length + 2);
    expect(pack(Buffer.alloc(300))).toHaveLength(2);
  });
});

/** Bytes that come again, and none between that do. */
function farApart(distance: number): Buffer {
  const bytes = Buffer.alloc(distance + 8);
  for (let i = 0; i + 2 < bytes.length; i += 3) bytes.writeUIntBE(0x10101 + i * 257, i, 3);
  bytes.copy(bytes, distance, 0, 8);
  return bytes;
}
