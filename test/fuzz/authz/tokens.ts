import { createHmac } from "node:crypto";
import fc from "fast-check";
import { secret } from "../wide-authz.ts";

const plainHeader = fc.constantFrom<{ alg: unknown }>({ alg: "HS256" }, { alg: "ES256" }, { alg: "RS256" });
const oddHeader = fc.record(
  {
    alg: fc.constantFrom<unknown>("HS256", "HS256", "RS256", "ES256", "none", 1),
    kid: fc.constantFrom<unknown>("a", "x", 1),
    crit: fc.constant([]),
    typ: fc.constantFrom("JWT", "é".repeat(2000)),
  },
  { requiredKeys: ["alg"] },
);
const header = fc.oneof(plainHeader, oddHeader);
const date = (usual: number): fc.Arbitrary<unknown> =>
  fc.oneof(
    { weight: 2, arbitrary: fc.constant(usual) },
    {
      weight: 2,
      arbitrary: fc.constantFrom<unknown>(9_999_999_999, 1, 1.5, 9e9 + 0.5, 1e300, "1", null, 1_700_000_030),
    },
  );
const claims = fc.record(
  {
    exp: date(9_999_999_999),
    nbf: date(1),
    iss: fc.constantFrom<unknown>("i", "j", 1),
    aud: fc.constantFrom<unknown>("i", ["j", 1, "i"], [], {}, 1),
    sub: fc.constantFrom<unknown>("a", "admin", 1, true, null, ["admin", 1], { b: 1 }, "a\n", "x".repeat(40)),
    a: fc.constantFrom<unknown>({ b: "admin" }, { b: ["admin"] }, { b: { c: 1 } }, 1),
  },
  { requiredKeys: [] },
);
/** Those that nobody refuses, with any others. */
const soundClaims = claims.map(({ sub, a }) => ({ exp: 9_999_999_999, iss: "i", aud: "i", sub, a }));
const payload = fc.oneof(
  { weight: 5, arbitrary: soundClaims.map((each) => JSON.stringify(each)) },
  { weight: 5, arbitrary: claims.map((each) => JSON.stringify(each)) },
  { weight: 1, arbitrary: fc.constantFrom("1", "[]", "", "{", '{"a":1,"a":2}', '{"exp":1e3,"sub":"a"}') },
);
const otherSignature = fc.oneof(
  fc.constantFrom("", "A", "!", "AA"),
  fc
    .constantFrom(63, 64, 65, 256)
    .chain((length) => fc.uint8Array({ minLength: length, maxLength: length }))
    .map((bytes) => Buffer.from(bytes).toString("base64url")),
  fc.constantFrom(0, 1, 0x80, 0xff).map((byte) => Buffer.alloc(64, byte).toString("base64url")),
  fc.nat({ max: 31 }).map((zeros) =>
    Buffer.alloc(64, 0x7f)
      .fill(0, 0, zeros)
      .fill(0, 32, 64 - zeros)
      .toString("base64url"),
  ),
);

/** Tokens of each algorithm, whose codes hold or do not, and what is nearly a token. */
export const anyToken: fc.Arbitrary<string> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc
      .tuple(header, payload, fc.option(otherSignature, { freq: 3 }))
      .map(([head, body, other]) => {
        const part = (text: string): string => Buffer.from(text).toString("base64url");
        const signed = `${part(JSON.stringify(head))}.${part(body)}`;
        const isCoded = (head.alg === "HS256" && other !== null && other.length % 2 === 0) || other === null;
        return `${signed}.${isCoded ? createHmac("sha256", secret).update(signed).digest("base64url") : other}`;
      }),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      "",
      ".",
      "..",
      "a",
      "a.b",
      "a.b.c.d",
      "e30.e30.",
      "!.e30.",
      "e30.!.",
      "bnVsbA.e30.AA",
      "A".repeat(16_385),
    ),
  },
);
