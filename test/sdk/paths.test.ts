import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { type Guest, loadModule } from "./compile.ts";

interface PathsModule {
  parse(target: number, isCaseSensitive: number, slashes: number, parameters: number): number;
  host(authority: number): number;
}

interface Options {
  readonly isCaseSensitive?: boolean;
  readonly encodedSlashes?: "refuse" | "keep" | "decode";
  readonly parameters?: "refuse" | "keep" | "remove";
}

let guest: Guest<PathsModule>;

beforeAll(async () => {
  guest = await loadModule<PathsModule>("paths");
});

const textAt = (pointer: number): string | null =>
  pointer === 0 ? null : Buffer.from(guest.bytes(pointer)).toString("latin1");

/** The path, `?` and the query; null when the path is in doubt. */
function parse(target: string, options: Options = {}): string | null {
  const { isCaseSensitive = true, encodedSlashes = "refuse", parameters = "refuse" } = options;
  const slashes = ["refuse", "keep", "decode"].indexOf(encodedSlashes);
  const pointer = guest.buffer(Buffer.from(target, "latin1"));
  return textAt(
    guest.call.parse(
      pointer,
      Number(isCaseSensitive),
      slashes,
      ["refuse", "keep", "remove"].indexOf(parameters),
    ),
  );
}

function pathOf(target: string, options: Options = {}): string | null {
  return parse(target, options)?.split("?")[0] ?? null;
}

describe("a path", () => {
  test.each([
    ["/admin", "/admin"],
    ["/", "/"],
    ["/.well-known/x.y..z", "/.well-known/x.y..z"],
    ["//admin", "/admin"],
    ["///", "/"],
    ["/admin//", "/admin/"],
    ["/./admin", "/admin"],
    ["/admin/.", "/admin/"],
    ["/admin/..", "/"],
    ["/x/../admin", "/admin"],
    ["/x/y/../../admin/", "/admin/"],
    ["/../../admin", "/admin"],
    ["/x/%2e%2E/admin", "/admin"],
    ["/%61dmin", "/admin"],
    ["/%41dmin", "/Admin"],
    ["/a\\..\\admin", "/admin"],
    ["\\admin", "/admin"],
    ["/%2561dmin", "/%61dmin"],
    ["/%252e%252e/admin", "/%2e%2e/admin"],
    ["/x/..%252fadmin", "/x/..%2fadmin"],
    ["/a%20b+c", "/a b+c"],
    ["/caf%c3%a9", "/caf\xc3\xa9"],
    ["/a%3bb%23c", "/a;b#c"],
    ["/admin%0a", "/admin\n"],
    ["*", "*"],
    ["http://example.com/admin", "/admin"],
    ["http://user@example.com:80//admin?x=/", "/admin"],
    ["HTTPS://example.com", "/"],
    ["http://example.com?x", "/"],
    ["/http://example.com/", "/http:/example.com/"],
  ])("%j is %j", (target, expected) => {
    expect(pathOf(target)).toBe(expected);
  });

  test.each([
    ["/x/..%2fadmin", "an encoded slash"],
    ["/x/..%2Fadmin", "an encoded slash in upper case"],
    ["/x%5c..%5cadmin", "an encoded backslash"],
    ["/admin%00", "an encoded NUL"],
    ["/admin%00.html", "an encoded NUL in the middle"],
    ["/admin;x", "a parameter"],
    ["/x/..;/admin", "a parameter behind dots"],
    ["/admin/%zz", "a malformed escape"],
    ["/admin%2", "half an escape"],
    ["/admin%", "no escape"],
    ["/x/%c0%ae%c0%ae/admin", "overlong dots"],
    ["/x/%c0%af", "an overlong slash"],
    ["/caf%e9", "Latin-1"],
    ["/caf\xe9", "Latin-1 that is not encoded"],
    ["/a//../admin", "dots behind an empty segment"],
    ["/a//b/../../admin", "dots behind an empty segment before"],
    ["//x/../admin", "dots behind an empty segment at the start"],
    ["", "nothing"],
    ["admin", "no slash"],
    ["?x", "a query alone"],
    ["://x/admin", "a URL without scheme"],
    ["a/b://x/admin", "no scheme"],
    ["example.com:443", "an authority"],
  ])("%j is in doubt: %s", (target) => {
    expect(pathOf(target)).toBeNull();
  });

  test.each([
    ["/x/..%2fadmin", { encodedSlashes: "decode" }, "/admin"],
    ["/x%5c..%5cadmin", { encodedSlashes: "decode" }, "/admin"],
    ["/admin%00", { encodedSlashes: "decode" }, "/admin\0"],
    ["/x/..%252fadmin", { encodedSlashes: "decode" }, "/x/..%2fadmin"],
    ["/x/..%2fadmin", { encodedSlashes: "keep" }, "/x/..%2Fadmin"],
    ["/x%5C..%5cadmin%00", { encodedSlashes: "keep" }, "/x%5C..%5Cadmin%00"],
    ["/x%252f", { encodedSlashes: "keep" }, "/x%252f"],
    ["/%61dmin", { encodedSlashes: "keep" }, "/admin"],
    ["/admin;x", { parameters: "remove" }, "/admin"],
    ["/x/..;y=1/admin;z", { parameters: "remove" }, "/admin"],
    ["/;x/admin", { parameters: "remove" }, "/admin"],
    ["/x;a\\admin", { parameters: "remove" }, "/x/admin"],
    ["/admin;x", { parameters: "keep" }, "/admin;x"],
    ["/ADMIN", {}, "/ADMIN"],
    ["/ADMIN", { isCaseSensitive: false }, "/admin"],
    ["/%41DMIN", { isCaseSensitive: false }, "/admin"],
    ["/\xc3\x89", { isCaseSensitive: false }, "/\xc3\x89"],
  ] as const)("%j with %j is %j", (target, options, expected) => {
    expect(pathOf(target, options)).toBe(expected);
  });

  test("that is normal stays as it is", () => {
    const piece = fc.constantFrom(..."/.%;\\aA25cfe?#".split(""));
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const once = pathOf(`/${pieces.join("")}`, { parameters: "keep" });
        fc.pre(once !== null && !once.includes("%") && !once.includes("#"));
        expect(pathOf(once as string, { parameters: "keep" })).toBe(once);
      }),
      { numRuns: 5_000 },
    );
  });

  test("is the one that a URL has, where nothing is in doubt", () => {
    const segment = fc.constantFrom("a", "b", ".", "..", "%2e", ".%2E", "%61", "a.b", "...", "A");
    fc.assert(
      fc.property(fc.array(segment, { minLength: 1, maxLength: 8 }), (segments) => {
        const target = `/${segments.join("/")}`;
        const { pathname } = new URL(`http://x${target}`);
        expect(pathOf(target)).toBe(decodeURIComponent(pathname));
      }),
      { numRuns: 5_000 },
    );
  });

  test("of any bytes traps nothing", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        const target = Buffer.from(bytes).toString("latin1");
        parse(target);
        parse(`/${target}`, { encodedSlashes: "keep", parameters: "remove", isCaseSensitive: false });
        guest.call.host(guest.buffer(bytes));
      }),
      { numRuns: 5_000 },
    );
  });
});

test.each([
  ["/a?b=c", "/a?b=c"],
  ["/a?b=%2f#d", "/a?b=%2f"],
  ["/a#b?c", "/a?"],
  ["/a?b?c", "/a?b?c"],
  ["/a", "/a?"],
  ["http://h/a?b", "/a?b"],
])("the query of %j follows its path: %j", (target, expected) => {
  expect(parse(target)).toBe(expected);
});

describe("a host", () => {
  const host = (authority: string): string | null =>
    textAt(guest.call.host(guest.buffer(Buffer.from(authority, "latin1"))));

  test.each([
    ["example.com", "example.com"],
    ["Example.COM", "example.com"],
    ["example.com:443", "example.com"],
    ["example.com:", "example.com"],
    ["example.com.", "example.com"],
    ["Example.com.:8443", "example.com"],
    ["a_b-c.1", "a_b-c.1"],
    ["127.0.0.1:80", "127.0.0.1"],
    ["[::1]", "[::1]"],
    ["[2001:DB8::1]:443", "[2001:db8::1]"],
    ["[0::1]", "[::1]"],
    ["[0:0:0:0:0:0:0:1]:80", "[::1]"],
    ["[0000:00::0001]", "[::1]"],
    ["[::0]", "[::]"],
    ["[2001:DB8:0:0:1:0:0:1]", "[2001:db8::1:0:0:1]"],
    ["[2001:db8:0:1:1:1:1:1]", "[2001:db8:0:1:1:1:1:1]"],
    ["[2001:db8::1:1:1:1:1]", "[2001:db8:0:1:1:1:1:1]"],
    ["[1:0:0:2:0:0:0:3]", "[1:0:0:2::3]"],
    ["[1:2:3:4:5:6::]", "[1:2:3:4:5:6::]"],
    ["[::ffff:10.0.0.1]", "[::ffff:a00:1]"],
    ["[0::FFFF:0a00:0001]", "[::ffff:a00:1]"],
    ["[::10.0.0.1]", "[::a00:1]"],
  ])("%j is %j", (authority, expected) => {
    expect(host(authority)).toBe(expected);
  });

  test("that is an address of IPv6 is the one that a URL has", () => {
    fc.assert(
      fc.property(fc.ipV6(), (text) => {
        expect(host(`[${text}]`)).toBe(new URL(`http://[${text}]`).hostname);
      }),
      { numRuns: 5_000 },
    );
  });

  test.each([
    ...[
      "",
      ".",
      ":80",
      "a..b",
      ".a",
      "a..",
      "user@example.com",
      "a b",
      "a,b",
      "a/b",
      "a:b",
      "a:80:80",
      "a%2eb",
    ],
    ...["a:123456", "caf\xe9", "::1", "[::1", "[]", "[::1%25eth0]", "[::1]x", "[::1].", "[::1]:x", "a\0"],
    ...[
      "[1]",
      "[g::1]",
      "[1::2::3]",
      "[10.0.0.1]",
      "[::1%eth0]",
      "[fe80::1%]",
      "[v1.a]",
      "[::ffff:010.0.0.1]",
    ],
  ])("%j is in doubt", (authority) => {
    expect(host(authority)).toBeNull();
  });
});
