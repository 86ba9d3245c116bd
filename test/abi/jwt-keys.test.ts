import { createHash, generateKeyPairSync } from "node:crypto";
import { expect, filterTest } from "proxy-wasm-harness/vitest";
import { guest } from "../guests/guest.ts";
import { base64Url, type Jwk, judge, jwksOf, keys, publicJwk, secretJwk, tokenOf } from "./tokens.ts";

const filter = guest("verifies-tokens");
const rsa = publicJwk(keys.rsa.publicKey);
const ec = publicJwk(keys.ec.publicKey);
const oct = secretJwk(keys.secret);

const smallRsa = generateKeyPairSync("rsa", { modulusLength: 2040 }).publicKey;
const otherCurve = generateKeyPairSync("ec", { namedCurve: "P-384" }).publicKey;
const edwards = generateKeyPairSync("ed25519").publicKey;
const shortModulus = Buffer.from(String(rsa["n"]), "base64url");
shortModulus[0] = 0x7f;
const large = base64Url(Buffer.alloc(1025, 0xff));
const evenModulus = base64Url(
  Buffer.concat([Buffer.from(String(rsa["n"]), "base64url").subarray(0, 255), Buffer.alloc(1)]),
);

// A table: a title, the key, and why it is of no use.
// prettier-ignore
const unusable: [string, unknown, string][] = [
  ["that is no object", "key", "is no object"],
  ["without kty", { k: oct["k"] }, "has no kty"],
  ["with kty in another case", { ...rsa, kty: "rsa" }, "its kty is none of RSA, EC and oct"],
  ["of Ed25519", publicJwk(edwards), "its kty is none of RSA, EC and oct"],
  ["of RSA with 2040 bits", publicJwk(smallRsa), "its n has not 2048 to 8192 bits"],
  ["of RSA with 2047 bits", { ...rsa, n: base64Url(shortModulus) }, "its n has not 2048 to 8192 bits"],
  ["of RSA with 8200 bits", { ...rsa, n: large }, "its n has not 2048 to 8192 bits"],
  ["of RSA without n", { ...rsa, n: undefined }, "its n has not 2048 to 8192 bits"],
  ["of RSA with n in base64", { ...rsa, n: Buffer.alloc(256, 0xfb).toString("base64") }, "its n has not 2048 to 8192 bits"],
  ["of RSA with an even n", { ...rsa, n: evenModulus }, "its n is even"],
  ["of RSA with e = 1", { ...rsa, e: "AQ" }, "its e is not an odd number from 3 to 2^32"],
  ["of RSA with e = 0", { ...rsa, e: "AA" }, "its e is not an odd number from 3 to 2^32"],
  ["of RSA with e = 65536", { ...rsa, e: "AQAA" }, "its e is not an odd number from 3 to 2^32"],
  ["of RSA with e beyond 2^32", { ...rsa, e: "AQAAAAE" }, "its e is not an odd number from 3 to 2^32"],
  ["of RSA without e", { ...rsa, e: undefined }, "its e is not an odd number from 3 to 2^32"],
  ["of P-384", publicJwk(otherCurve), "its crv is not P-256"],
  ["of EC without crv", { ...ec, crv: undefined }, "its crv is not P-256"],
  ["of EC without y", { ...ec, y: undefined }, "its x or y has not 32 bytes"],
  ["of EC with 31 bytes of x", { ...ec, x: base64Url(Buffer.alloc(31)) }, "its x or y has not 32 bytes"],
  ["of EC with 33 bytes of y", { ...ec, y: base64Url(Buffer.alloc(33)) }, "its x or y has not 32 bytes"],
  ["that is a secret of 31 bytes", secretJwk(Buffer.alloc(31)), "its k has fewer than 32 bytes"],
  ["that is a secret without k", { kty: "oct" }, "its k has fewer than 32 bytes"],
  ["that is private, RSA", publicJwk(keys.rsa.privateKey), "it is a private key"],
  ["that is private, EC", publicJwk(keys.ec.privateKey), "it is a private key"],
  ["for encryption", { ...rsa, use: "enc" }, "its use is not sig"],
  ["whose use is a number", { ...rsa, use: 1 }, "its use is not sig"],
  ["that may only sign", { ...oct, key_ops: ["sign"] }, "its key_ops lacks verify"],
  ["whose key_ops is a string", { ...ec, key_ops: "verify" }, "its key_ops lacks verify"],
  ["of RSA for PS256", { ...rsa, alg: "PS256" }, "its alg is not the one of RS256, ES256 and HS256 that its kty is for"],
  ["of RSA for HS256", { ...rsa, alg: "HS256" }, "its alg is not the one of RS256, ES256 and HS256 that its kty is for"],
  ["that is a secret for RS256", { ...oct, alg: "RS256" }, "its alg is not the one of RS256, ES256 and HS256 that its kty is for"],
  ["whose alg is null", { ...rsa, alg: null }, "its alg is not the one of RS256, ES256 and HS256 that its kty is for"],
  ["whose kid is a number", { ...rsa, kid: 1 }, "its kid is no string"],
];

for (const [title, key, problem] of unusable) {
  filterTest(filter, { jwks: jwksOf(key as Jwk, ec) })(
    `a key ${title} is skipped, and the next one is not`,
    async ({ proxy }) => {
      const messages = proxy.startLogs.map(({ message }) => message);
      expect(messages).toContain(`keys[0]: ${problem}`);
      expect(messages).toContain("1 keys");
      expect(await judge(proxy, [tokenOf({ by: "ES256" }), tokenOf()])).toEqual(["Valid", "UnknownKey"]);
    },
  );
}

const off = publicJwk(keys.ec.publicKey, { y: base64Url(Buffer.alloc(32, 1)) });
filterTest(filter, { jwks: jwksOf(off) })(
  "a key whose point is not on its curve verifies nothing",
  async ({ proxy }) => {
    const tokens = [tokenOf({ by: "ES256" }), tokenOf({ by: "ES256", key: keys.otherEc.privateKey })];

    expect(await judge(proxy, tokens)).toEqual(["BadSignature", "BadSignature"]);
    expect(await judge(proxy, tokens)).toEqual(["BadSignature", "BadSignature"]);
  },
);

// prettier-ignore
const noSets: [string, string, string][] = [
  ["no JSON", "{", "not JSON: "],
  ["an array", "[]", "it has no array of keys"],
  ["an object without keys", "{}", "it has no array of keys"],
  ["keys that are an object", '{"keys":{}}', "it has no array of keys"],
  ["a key twice", '{"keys":[],"keys":[]}', "not JSON: the key keys occurs twice"],
];

for (const [title, jwks, problem] of noSets) {
  filterTest(filter, { jwks })(`a set of ${title} has no keys, and says why`, async ({ proxy }) => {
    const messages = proxy.startLogs.map(({ message }) => message);
    expect(messages.some((message) => message.startsWith(problem))).toBe(true);
    expect(messages).toContain("0 keys");
    expect(await judge(proxy, [tokenOf()])).toEqual(["UnknownKey"]);
  });
}

const secretOf = (i: number): Buffer => createHash("sha256").update(`${i}`).digest();
const many = jwksOf(...Array.from({ length: 34 }, (_, i) => secretJwk(secretOf(i), { kid: `${i}` })));

filterTest(filter, { jwks: many, algorithms: ["HS256"] })(
  "of 34 keys the first 32 are used",
  async ({ proxy }) => {
    const tokens = [0, 31, 32, 33].map((i) =>
      tokenOf({ by: "HS256", secret: secretOf(i), header: { kid: `${i}` } }),
    );

    expect(await judge(proxy, tokens)).toEqual(["Valid", "Valid", "UnknownKey", "UnknownKey"]);
    const messages = proxy.startLogs.map(({ message }) => message);
    expect(messages).toEqual(
      expect.arrayContaining(["keys[32]: is one too many", "keys[33]: is one too many"]),
    );
  },
);
