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
  .tuple(fc.oneof(goodKey, rsaKey, ecKey, octKey), maybeSaid)
  .map(([key, more]): unknown => ({ ...(key as object), ...more }));
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
