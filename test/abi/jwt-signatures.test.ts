import { generateKeyPairSync } from "node:crypto";
import { describe } from "vitest";
import { expect, filterTest } from "proxy-wasm-harness/vitest";
import { guest } from "../guests/guest.ts";
import {
  base64Url,
  type Jwk,
  judge,
  jwks,
  jwksOf,
  keys,
  publicJwk,
  secretJwk,
  type TokenParts,
  tokenOf,
} from "./tokens.ts";

const filter = guest("verifies-tokens");
const ALL = ["RS256", "ES256", "HS256"] as const;
const test = filterTest(filter, { jwks, algorithms: ALL });

const publicPem = keys.rsa.publicKey.export({ type: "spki", format: "pem" });
const publicDer = keys.rsa.publicKey.export({ type: "spki", format: "der" });

// A table: a title, what the token is made of, and the verdict.
// prettier-ignore
const signed: [string, TokenParts, string][] = [
  ["RS256", { by: "RS256" }, "Valid"],
  ["RS256 and its kid", { by: "RS256", header: { kid: "rsa" } }, "Valid"],
  ["RS256 by another key", { by: "RS256", key: keys.otherRsa.privateKey }, "BadSignature"],
  ["ES256", { by: "ES256" }, "Valid"],
  ["ES256 and its kid", { by: "ES256", header: { kid: "ec" } }, "Valid"],
  ["ES256 by another key", { by: "ES256", key: keys.otherEc.privateKey }, "BadSignature"],
  ["HS256", { by: "HS256" }, "Valid"],
  ["HS256 and its kid", { by: "HS256", header: { kid: "oct" } }, "Valid"],
  ["HS256 by another secret", { by: "HS256", secret: Buffer.alloc(32) }, "BadSignature"],
  ["a kid that no key has", { header: { kid: "gone" } }, "UnknownKey"],
  ["an empty kid", { header: { kid: "" } }, "UnknownKey"],
  ["the kid of a key of another type", { by: "RS256", header: { kid: "ec" } }, "UnknownKey"],
  ["the kid of a secret", { by: "RS256", header: { kid: "oct" } }, "UnknownKey"],
  ["HS256 by the RSA key's PEM as the secret", { by: "HS256", secret: Buffer.from(publicPem) }, "BadSignature"],
  ["HS256 by the RSA key's DER as the secret", { by: "HS256", secret: publicDer }, "BadSignature"],
  ["HS256 and the kid of the RSA key", { by: "HS256", header: { kid: "rsa" }, secret: publicDer }, "UnknownKey"],
  ["HS256 by the RSA key, which calls itself RS256", { by: "HS256", header: { alg: "RS256" } }, "BadSignature"],
  ["RS256, which calls itself HS256", { by: "RS256", header: { alg: "HS256" } }, "BadSignature"],
  ["RS256, which calls itself ES256", { by: "RS256", header: { alg: "ES256" } }, "BadSignature"],
  ["ES256, which calls itself RS256", { by: "ES256", header: { alg: "RS256" } }, "BadSignature"],
  ["alg none", { header: { alg: "none" } }, "AlgorithmRefused"],
  ["alg None", { header: { alg: "None" } }, "AlgorithmRefused"],
  ["alg nOnE", { header: { alg: "nOnE" } }, "AlgorithmRefused"],
  ["no text as alg", { header: { alg: "" } }, "AlgorithmRefused"],
  ["alg in lower case", { header: { alg: "rs256" } }, "AlgorithmRefused"],
  ["alg with a blank", { header: { alg: "RS256 " } }, "AlgorithmRefused"],
  ["RS384", { header: { alg: "RS384" } }, "AlgorithmRefused"],
  ["PS256", { header: { alg: "PS256" } }, "AlgorithmRefused"],
  ["crit", { header: { crit: ["exp"] } }, "ExtensionRefused"],
  ["an empty crit", { header: { crit: [] } }, "ExtensionRefused"],
  ["crit null", { header: { crit: null } }, "ExtensionRefused"],
  ["b64 and crit", { header: { b64: false, crit: ["b64"] } }, "ExtensionRefused"],
  ["an embedded key", { header: { jwk: publicJwk(keys.otherRsa.publicKey) }, key: keys.otherRsa.privateKey }, "BadSignature"],
];

for (const [title, parts, verdict] of signed) {
  test(`a token with ${title} is judged ${verdict}`, async ({ proxy }) => {
    expect(await judge(proxy, [tokenOf(parts)])).toEqual([verdict]);
  });
}

/** The order of P-256. */
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const MOST = 2n ** 256n - 1n;

const scalar = (value: bigint): Buffer => Buffer.from(value.toString(16).padStart(64, "0"), "hex");
const scalars = (r: bigint, s: bigint): Buffer => Buffer.concat([scalar(r), scalar(s)]);

const soundText = tokenOf({ by: "ES256" });
const sound = Buffer.from(soundText.split(".")[2] ?? "", "base64url");
const r = BigInt(`0x${sound.subarray(0, 32).toString("hex")}`);
const s = BigInt(`0x${sound.subarray(32).toString("hex")}`);

function withSignature(token: string, signature: Uint8Array): string {
  return `${token.split(".").slice(0, 2).join(".")}.${base64Url(signature)}`;
}

// prettier-ignore
const ecdsa: [string, Buffer][] = [
  ["r = 0", scalars(0n, s)],
  ["s = 0", scalars(r, 0n)],
  ["r = s = 0", scalars(0n, 0n)],
  ["r = s = 1", scalars(1n, 1n)],
  ["r = n", scalars(ORDER, s)],
  ["s = n", scalars(r, ORDER)],
  ["r = s = n", scalars(ORDER, ORDER)],
  ["r = n + 1", scalars(ORDER + 1n, s)],
  ["r = n - 1 and s = 1", scalars(ORDER - 1n, 1n)],
  ["r and s as large as can be", scalars(MOST, MOST)],
  ["r and s exchanged", scalars(s, r)],
  ["n - r", scalars(ORDER - r, s)],
  ["63 bytes", sound.subarray(0, 63)],
  ["65 bytes", Buffer.concat([sound, Buffer.alloc(1)])],
  ["65 bytes, a zero before", Buffer.concat([Buffer.alloc(1), sound])],
  ["65 bytes, a zero between", Buffer.concat([sound.subarray(0, 32), Buffer.alloc(1), sound.subarray(32)])],
  ["32 bytes", sound.subarray(0, 32)],
  ["no bytes", Buffer.alloc(0)],
  ["DER", Buffer.concat([Buffer.from("30440220", "hex"), sound.subarray(0, 32), Buffer.from("0220", "hex"), sound.subarray(32)])],
];

for (const [title, signature] of ecdsa) {
  test(`an ES256 signature with ${title} is bad`, async ({ proxy }) => {
    expect(await judge(proxy, [soundText, withSignature(soundText, signature)])).toEqual([
      "Valid",
      "BadSignature",
    ]);
  });
}

test("100 ES256 signatures, of all lengths that DER has for them, hold", async ({ proxy }) => {
  const tokens = Array.from({ length: 100 }, (_, i) => tokenOf({ by: "ES256", claims: { i } }));

  for (let i = 0; i < 100; i += 20)
    expect(new Set(await judge(proxy, tokens.slice(i, i + 20)))).toEqual(new Set(["Valid"]));
});

test.for([
  ["no bytes", Buffer.alloc(0)],
  ["zeros", Buffer.alloc(256)],
  ["ones", Buffer.alloc(256, 0xff)],
  ["a byte too many", Buffer.concat([rs256(), Buffer.alloc(1)])],
  ["a zero before", Buffer.concat([Buffer.alloc(1), rs256()])],
  ["a byte too few", rs256().subarray(0, 255)],
] as const)("an RS256 signature with %s is bad", async ([, signature], { proxy }) => {
  expect(await judge(proxy, [withSignature(tokenOf(), signature)])).toEqual(["BadSignature"]);
});

function rs256(): Buffer {
  return Buffer.from(tokenOf().split(".")[2] ?? "", "base64url");
}

filterTest(filter, { jwks })("HS256 is refused unless it is allowed", async ({ proxy }) => {
  expect(
    await judge(
      proxy,
      ["RS256", "ES256", "HS256"].map((by) => tokenOf({ by: by as "RS256" })),
    ),
  ).toEqual([...["Valid", "Valid", "AlgorithmRefused"]]);
});

filterTest(filter, { jwks, algorithms: ["ES256"] })(
  "an algorithm that is not allowed is refused",
  async ({ proxy }) => {
    expect(await judge(proxy, [tokenOf({ by: "ES256" }), tokenOf()])).toEqual(["Valid", "AlgorithmRefused"]);
  },
);

describe("keys", () => {
  const largeRsa = generateKeyPairSync("rsa", { modulusLength: 4096, publicExponent: 3 });
  const two = jwksOf(publicJwk(keys.otherRsa.publicKey), publicJwk(keys.rsa.publicKey));
  const sameName = jwksOf(
    publicJwk(keys.otherRsa.publicKey, { kid: "a" }),
    publicJwk(keys.ec.publicKey, { kid: "a" }),
    publicJwk(keys.rsa.publicKey, { kid: "a" }),
  );

  filterTest(filter, { jwks: two })("without names are each tried", async ({ proxy }) => {
    const named = tokenOf({ header: { kid: "any" } });
    expect(await judge(proxy, [tokenOf(), tokenOf({ key: keys.otherRsa.privateKey }), named])).toEqual([
      ...["Valid", "Valid", "Valid"],
    ]);
  });

  filterTest(filter, { jwks: sameName })("of one name are each tried", async ({ proxy }) => {
    expect(await judge(proxy, [tokenOf({ header: { kid: "a" } })])).toEqual(["Valid"]);
  });

  filterTest(filter, { jwks: jwksOf(publicJwk(largeRsa.publicKey)) })(
    "of 4096 bits with the exponent 3 verify",
    async ({ proxy }) => {
      expect(await judge(proxy, [tokenOf({ key: largeRsa.privateKey }), tokenOf()])).toEqual([
        ...["Valid", "BadSignature"],
      ]);
    },
  );

  const modulus = Buffer.from(String(publicJwk(keys.rsa.publicKey).n), "base64url");
  const zeroBefore = base64Url(Buffer.concat([Buffer.alloc(1), modulus]));
  filterTest(filter, { jwks: jwksOf(publicJwk(keys.rsa.publicKey, { n: zeroBefore })) })(
    "with a zero before their modulus verify",
    async ({ proxy }) => {
      expect(await judge(proxy, [tokenOf()])).toEqual(["Valid"]);
    },
  );

  const { x, y } = publicJwk(keys.ec.publicKey) as { x: string; y: string };
  const offCurve: [string, Jwk][] = [
    ["whose point is not on the curve", { x: y, y: x }],
    ["whose point is the origin", { x: base64Url(Buffer.alloc(32)), y: base64Url(Buffer.alloc(32)) }],
    ["whose coordinate is beyond the field", { x: base64Url(Buffer.alloc(32, 0xff)) }],
  ];
  for (const [title, change] of offCurve) {
    filterTest(filter, { jwks: jwksOf(publicJwk(keys.ec.publicKey, change)) })(
      `of EC ${title} verify nothing`,
      async ({ proxy }) => {
        const zeros = withSignature(tokenOf({ by: "ES256" }), Buffer.alloc(64));
        expect(await judge(proxy, [tokenOf({ by: "ES256" }), zeros])).toEqual([
          "BadSignature",
          "BadSignature",
        ]);
      },
    );
  }

  filterTest(filter, { jwks: jwksOf(secretJwk(keys.secret)), algorithms: ALL })(
    "that are secrets verify no RS256, though its signature were their code",
    async ({ proxy }) => {
      const token = tokenOf({ by: "HS256", header: { alg: "RS256" } });
      expect(await judge(proxy, [token, tokenOf({ by: "HS256" })])).toEqual(["UnknownKey", "Valid"]);
    },
  );

  filterTest(filter, { jwks: jwksOf(publicJwk(keys.rsa.publicKey)), algorithms: ALL })(
    "that are public verify no HS256",
    async ({ proxy }) => {
      const modulusAsSecret = tokenOf({ by: "HS256", secret: modulus });
      const derAsSecret = tokenOf({ by: "HS256", secret: publicDer });
      expect(await judge(proxy, [modulusAsSecret, derAsSecret])).toEqual(["UnknownKey", "UnknownKey"]);
    },
  );
});
