import { createHmac } from "node:crypto";
import fc from "fast-check";
import { publicKeys, secret } from "../wide-authz.ts";

const octets = (...bytes: number[]): string => Buffer.from(bytes).toString("base64url");
const k = secret.toString("base64url");
const { rsa, ec } = publicKeys;

/** Keys of each type, and what makes a key of that type unusable. */
const rsaKey = fc.record(
  {
    kty: fc.constant("RSA"),
    n: fc.constantFrom(
      rsa["n"],
      rsa["n"],
      `AA${"_".repeat(340)}`,
      octets(3),
      "!",
      1,
      `${"_".repeat(341)}g`,
      "A".repeat(1400),
    ),
    e: fc.constantFrom(
      "AQAB",
      "AQAB",
      octets(0, 1, 0, 1),
      octets(1),
      octets(2),
      octets(3, 0, 0, 0, 1),
      "",
      null,
    ),
  },
  { requiredKeys: ["kty"] },
);
const ecKey = fc.record(
  {
    kty: fc.constant("EC"),
    crv: fc.constantFrom("P-256", "P-256", "P-384", 1),
    x: fc.constantFrom(ec["x"], ec["x"], "AA", 1, "%"),
    y: fc.constantFrom(ec["y"], ec["y"], "AA"),
  },
  { requiredKeys: ["kty"] },
);
const octKey = fc.record({
  kty: fc.constant("oct"),
  k: fc.constantFrom(k, k, "AA", "A", `${"QUJD".repeat(30)}`),
});
const said = fc.record(
  {
    use: fc.constantFrom<unknown>("sig", "enc", 1),
    alg: fc.constantFrom<unknown>("RS256", "ES256", "HS256", "none", 1),
    key_ops: fc.constantFrom<unknown>(["verify"], ["sign", 1, "verify"], [], ["sign"], "verify", 1),
    kid: fc.constantFrom<unknown>("a", "b", "é", 1, null),
    d: fc.constant("AA"),
  },
  { requiredKeys: [] },
);
const maybeSaid = fc.oneof({ weight: 2, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: said });
const goodKey = fc.constantFrom<unknown>(rsa, ec, { kty: "oct", k }, { kty: "oct", k, kid: "a" });
const typedKey = fc
  .tuple(fc.oneof(rsaKey, ecKey, octKey), maybeSaid)
  .map(([key, more]): unknown => ({ ...key, ...more }));
const anyKey = fc.oneof(
  { weight: 3, arbitrary: goodKey },
  { weight: 8, arbitrary: typedKey },
  { weight: 1, arbitrary: fc.constantFrom<unknown>(null, 1, "a", [], {}, { kty: 1 }, { kty: "OKP" }) },
);
const manyKeys = fc
  .tuple(anyKey, fc.constantFrom(2, 33, 70))
  .map(([key, count]): unknown[] => Array.from({ length: count }, () => key));

/** The text of a set of keys, or of what a service may take for one. */
export const keySet: fc.Arbitrary<string> = fc.oneof(
  { weight: 8, arbitrary: fc.array(anyKey, { maxLength: 4 }).map((keys) => JSON.stringify({ keys })) },
  { weight: 1, arbitrary: manyKeys.map((keys) => JSON.stringify({ keys })) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      "",
      "{",
      "[]",
      "{}",
      '{"keys":1}',
      '{"keys":[],"keys":[]}',
      "é",
      '{"keys":[]} x',
    ),
  },
);

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
      weight: 1,
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
const payload = fc.oneof(
  { weight: 9, arbitrary: claims.map((each) => JSON.stringify(each)) },
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
