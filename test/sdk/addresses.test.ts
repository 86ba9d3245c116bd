import { BlockList, isIP } from "node:net";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { type Guest, loadModule } from "./compile.ts";

interface AddressesModule {
  parse(text: number): number;
  parseWithPort(text: number): number;
  networkText(text: number, bits: number): number;
  rangeProblem(range: number): number;
  rangeHolds(range: number, text: number): number;
}

let guest: Guest<AddressesModule>;

beforeAll(async () => {
  guest = await loadModule<AddressesModule>("addresses");
});

const buffer = (text: string): number => guest.buffer(Buffer.from(text, "latin1"));
const hexAt = (pointer: number): string | null =>
  pointer === 0 ? null : Buffer.from(guest.bytes(pointer)).toString("hex");
const parse = (text: string): string | null => hexAt(guest.call.parse(buffer(text)));
const holds = (range: string, address: string): boolean =>
  guest.call.rangeHolds(buffer(range), buffer(address)) !== 0;

function problemOf(range: string): string | null {
  const problem = guest.call.rangeProblem(buffer(range));
  return problem === 0 ? null : guest.string(problem);
}

describe("an address", () => {
  test.each([
    ["10.0.0.1", "00000000000000000000ffff0a000001"],
    ["255.255.255.255", "00000000000000000000ffffffffffff"],
    ["::ffff:10.0.0.1", "00000000000000000000ffff0a000001"],
    ["::FFFF:a00:1", "00000000000000000000ffff0a000001"],
    ["::", "00000000000000000000000000000000"],
    ["::1", "00000000000000000000000000000001"],
    ["1::", "00010000000000000000000000000000"],
    ["2001:db8::1:0:2", "20010db8000000000000000100000002"],
    ["1:2:3:4:5:6:7:8", "00010002000300040005000600070008"],
    ["1:2:3:4:5:6:7::", "00010002000300040005000600070000"],
    ["::2:3:4:5:6:7:8", "00000002000300040005000600070008"],
    ["64:ff9b::192.0.2.33", "0064ff9b0000000000000000c0000221"],
    ["1:2:3:4:5:6:1.2.3.4", "00010002000300040005000601020304"],
  ])("%j has the bytes %s", (text, expected) => {
    expect(parse(text)).toBe(expected);
  });

  test.each([
    ...[
      "",
      "10",
      "10.0.0",
      "10.0.0.1.2",
      "10.0.0.256",
      "10.0.0.01",
      "010.0.0.1",
      "10.0.0.-1",
      "10.0.0.1 ",
      " 10.0.0.1",
    ],
    ...["10..0.1", "0x0a.0.0.1", "10.0.0.1:80", "10.0.0.1/8", ":", ":::", "1:", ":1", "1:2:3", "1::2::3"],
    ...[
      "1:2:3:4:5:6:7:8:9",
      "1:2:3:4:5:6:7:8::",
      "::1:2:3:4:5:6:7:8",
      "12345::",
      "g::",
      "[::1]",
      "fe80::1%eth0",
    ],
    ...[
      "::1.2.3",
      "::1.2.3.4.5",
      "1.2.3.4::",
      "::1.2.3.4:5",
      "1:2:3:4:5:6:7:1.2.3.4",
      "::10.0.0.01",
      "::.1.2.3",
    ],
    "localhost",
  ])("%j is none", (text) => {
    expect(parse(text)).toBeNull();
  });

  test("is taken when Node takes it, and only then", () => {
    const pieces = fc.constantFrom(
      "1",
      "0",
      "ff",
      "255",
      "256",
      "abcd",
      "12345",
      ".",
      ":",
      "::",
      ":",
      ".",
      "::ffff:",
    );
    let accepted = 0;
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 16 }), (parts) => {
        const text = parts.join("");
        const isTaken = parse(text) !== null;
        expect(isTaken, text).toBe(isIP(text) !== 0);
        if (isTaken) accepted++;
      }),
      { numRuns: 20_000 },
    );
    expect(accepted).toBeGreaterThan(20);
  });

  test("of generated addresses has the same bytes in each spelling", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), fc.ipV6(), (bytes, text) => {
        const hex = Buffer.from(bytes).toString("hex");
        const full = (hex.match(/.{4}/g) ?? []).join(":");
        expect(parse(full)).toBe(hex);
        expect(parse(new URL(`http://[${full}]`).hostname.slice(1, -1))).toBe(hex);
        expect(parse(text)).toBe(parse(new URL(`http://[${text}]`).hostname.slice(1, -1)));
      }),
    );
  });

  test.each([
    ["10.0.0.1", 128, "10.0.0.1"],
    ["10.0.15.255", 96 + 20, "10.0.0.0"],
    ["255.255.255.255", 96, "0.0.0.0"],
    ["::ffff:10.0.0.1", 128, "10.0.0.1"],
    ["2001:DB8:0:0:1:2:3:4", 64, "2001:db8::"],
    ["2001:db8:f:0:1::", 45, "2001:db8:8::"],
    ["0:0:1::AB:0", 128, "0:0:1::ab:0"],
    ["1:0:0:2:0:0:3:4", 128, "1::2:0:0:3:4"],
    ["1:0:2:3:4:5:6:7", 128, "1:0:2:3:4:5:6:7"],
    ["1::", 0, "::"],
  ])("%j in a network of %d bits is %j", (text, bits, expected) => {
    const pointer = guest.call.networkText(buffer(text), bits);
    expect(Buffer.from(guest.bytes(pointer)).toString("latin1")).toBe(expected);
  });

  test.each([
    ["10.0.0.1:8080", "00000000000000000000ffff0a000001"],
    ["[::1]:8080", "00000000000000000000000000000001"],
    ["[::ffff:10.0.0.1]:1", "00000000000000000000ffff0a000001"],
  ])("%j has a port", (text, expected) => {
    expect(hexAt(guest.call.parseWithPort(buffer(text)))).toBe(expected);
  });

  test.each([
    "10.0.0.1",
    "::1",
    "[::1]",
    "::1:80",
    "10.0.0.1:",
    "10.0.0.1:x",
    "10.0.0.1:123456",
    "/run/a.sock",
    "::ffff:10.0.0.1:80",
    "::ffff:a00:1:80",
    "[10.0.0.1]:80",
    "[",
  ])("%j has none", (text) => {
    expect(guest.call.parseWithPort(buffer(text))).toBe(0);
  });
});

describe("a range", () => {
  test.each([
    ["10.0.0.0/8", "10.255.0.1", true],
    ["10.0.0.0/8", "11.0.0.0", false],
    ["10.0.0.0/8", "::ffff:10.1.1.1", true],
    ["10.1.2.3", "10.1.2.3", true],
    ["10.1.2.3/32", "10.1.2.4", false],
    ["0.0.0.0/0", "255.1.2.3", true],
    ["0.0.0.0/0", "::1", false],
    ["::/0", "2001:db8::1", true],
    ["::/0", "10.0.0.1", false],
    ["2001:db8::/32", "2001:db8:ffff::", true],
    ["2001:db8::/32", "2001:db9::", false],
    ["2001:db8::/65", "2001:db8::8000:0:0:0", false],
    ["2001:db8::1", "2001:db8::1", true],
  ])("%s holds %s: %s", (range, address, expected) => {
    expect(problemOf(range)).toBeNull();
    expect(holds(range, address)).toBe(expected);
  });

  test("of generated prefixes holds what Node's block list holds", () => {
    const v4 = fc.tuple(fc.ipV4(), fc.ipV4(), fc.integer({ min: 0, max: 32 }));
    fc.assert(
      fc.property(v4, ([address, other, bits]) => {
        const number = address.split(".").reduce((sum, octet) => sum * 256 + Number(octet), 0);
        const first = bits === 0 ? 0 : (number & (-1 << (32 - bits))) >>> 0;
        const network = [24, 16, 8, 0].map((shift) => (first >>> shift) & 255).join(".");
        const list = new BlockList();
        list.addSubnet(network, bits);
        expect(problemOf(`${network}/${bits}`)).toBeNull();
        expect(holds(`${network}/${bits}`, address)).toBe(true);
        expect(holds(`${network}/${bits}`, other)).toBe(list.check(other));
      }),
      { numRuns: 2_000 },
    );
  });

  const malformed = "must be an address or a range such as 10.0.0.0/8";
  test.each([
    ["10.0.0.1/8", "must have no bits behind its prefix"],
    ["2001:db8::1/64", "must have no bits behind its prefix"],
    ["10.0.0.0/33", "must have a prefix of at most 32 bits"],
    ["::/129", "must have a prefix of at most 128 bits"],
    ["10.0.0.0/", "must have a prefix of at most 32 bits"],
    ["10.0.0.0/-1", "must have a prefix of at most 32 bits"],
    ["10.0.0.0/08", "must have a prefix of at most 32 bits"],
    ["10.0.0.0/8/8", "must have a prefix of at most 32 bits"],
    ["10/8", malformed],
    ["", malformed],
    ["/8", malformed],
    ["all", malformed],
  ])("%j is refused: %s", (range, problem) => {
    expect(problemOf(range)).toBe(problem);
    expect(holds(range, "10.0.0.1")).toBe(false);
  });
});
