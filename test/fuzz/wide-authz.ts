import { createHash, createHmac, generateKeyPairSync, sign } from "node:crypto";
import fc from "fast-check";
import { hostilePieces, request, sendable, type FuzzRequest } from "./traffic.ts";

const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
const ec = generateKeyPairSync("ec", { namedCurve: "P-256" });
/** The secret of what is signed by HMAC. */
export const secret = Buffer.from("0123456789abcdef0123456789abcdef");
/** Public keys in JSON. */
export const publicKeys = {
  rsa: rsa.publicKey.export({ format: "jwk" }),
  ec: ec.publicKey.export({ format: "jwk" }),
};
const kinds = ["api_key", "basic", "signature", "jwt"] as const;
const sha256 = (...parts: Array<string | Uint8Array>): string =>
  parts.reduce((hash, part) => hash.update(part), createHash("sha256")).digest("hex");

const text = fc.constantFrom("admin", "a", "ops-", "é", "1", "%", "A", "a b");
const expression = fc.constantFrom(
  "a+b?",
  "(?i)a[b-y]*|(?:ops-.{2,5})",
  "\\d{1,3}[^a-z]\\x41.",
  "^a$",
  "[[]",
  "a{2}",
  "(a|b)*\\w\\s",
  "[^\\D]\\.",
);
/** What a value is compared with, in each way. */
export const comparison = fc.oneof(
  ...["exact", "prefix", "suffix", "contains"].map((key) =>
    fc.record({ [key]: text, ignore_case: fc.boolean(), invert: fc.boolean() }),
  ),
  fc.record({ regex: expression, ignore_case: fc.boolean() }),
  fc.record({ present: fc.constant(true), invert: fc.boolean() }),
  fc.constantFrom({ range: { from: -5, to: 12 } }, { range: { from: 2, to: 8 }, invert: true }),
  fc.constantFrom({ one_of: ["admin", "a"] }, { element: "admin", ignore_case: true }, { element: "a" }),
);
const pathComparison = fc.constantFrom(
  { prefix: "/a" },
  { exact: "/a/b" },
  { one_of: ["/", "/a"], invert: true },
  { regex: ".*é.*" },
  { suffix: "b" },
);
/** As with values, of hosts. */
export const hostComparison = fc.constantFrom(
  { exact: "localhost" },
  { suffix: ".example" },
  { one_of: ["a.b", "[::1]"] },
);
/** Ranges of addresses. */
export const ranges = fc.subarray(["10.0.0.0/8", "127.0.0.1", "::/0", "2001:db8::/32", "::ffff:1.2.3.4"], {
  minLength: 1,
});

const { condition } = fc.letrec((tie) => ({
  condition: fc.oneof(
    { depthSize: "small", maxDepth: 3 },
    fc.tuple(fc.constantFrom("x-role", "x-team"), comparison).map(([header, how]) => ({ header, ...how })),
    fc.tuple(text, comparison).map(([query, how]) => ({ query, ...how })),
    pathComparison.map((path) => ({ path })),
    hostComparison.map((host) => ({ host })),
    comparison.map((method) => ({ method })),
    comparison.map((peer) => ({ peer })),
    ranges.map((client_address) => ({ client_address })),
    fc.constantFrom(...kinds).map((authenticated) => ({ authenticated })),
    comparison.map((how) => ({ claim: "sub", ...how })),
    comparison.map((how) => ({ claim: "/a/b", ...how })),
    fc.array(tie("condition"), { minLength: 1, maxLength: 3 }).map((all) => ({ all })),
    fc.array(tie("condition"), { minLength: 1, maxLength: 3 }).map((any) => ({ any })),
    tie("condition").map((not) => ({ not })),
  ),
}));

const jwks = JSON.stringify({
  keys: [
    { ...publicKeys.rsa, kid: "rsa", use: "sig", alg: "RS256" },
    { ...publicKeys.ec, kid: "ec", key_ops: ["sign", "verify"] },
    { kty: "oct", k: secret.toString("base64url") },
    ...["RSA", "EC", "oct", "OKP", 1].map((kty) => ({ kty, n: "AQAB", x: "AA", k: "AA" })),
    { kty: "oct", k: secret.toString("base64url"), use: "enc" },
    { kty: "oct", k: secret.toString("base64url"), key_ops: ["sign"] },
    { kty: "oct", k: secret.toString("base64url"), d: "AA" },
    { kty: "oct", k: secret.toString("base64url"), alg: "RS256" },
    { kty: "oct", k: secret.toString("base64url"), kid: 1 },
    1,
  ],
});
const credentials = {
  api_keys: { header: "x-api-key", keys: [{ name: "a", sha256: sha256("key"), roles: ["r"] }] },
  basic: {
    users: [
      { name: "a", salt: "0001020304050607", sha256: sha256(Buffer.from("0001020304050607", "hex"), "p") },
    ],
  },
  signatures: { keys: [{ keyid: "k", secret: secret.toString("base64") }], covers: ["@path"] },
};
const jwtOptions = fc.record(
  {
    local_jwks: fc.constant(jwks),
    algorithms: fc.constantFrom(["RS256", "ES256", "HS256"], ["HS256"]),
    issuers: fc.constantFrom(["i"]),
    audiences: fc.constantFrom(["i"]),
    require_expiration: fc.boolean(),
  },
  { requiredKeys: ["local_jwks"] },
);

/** Configurations with every kind of condition and of credential, and with headers for the upstream. */
export const wideAuthz = fc
  .record(
    {
      rules: fc.tuple(condition, condition).map(([allow, deny]) => [{ deny }, { allow, name: "r" }]),
      jwt: jwtOptions,
      repeated: fc.constantFrom("refuse", "first", "every"),
      encoded_slashes: fc.constantFrom("refuse", "keep", "decode"),
      path_parameters: fc.constantFrom("refuse", "keep", "remove"),
      case_sensitive: fc.boolean(),
      trusted_hops: fc.integer({ min: 0, max: 3 }),
      shadow: fc.constant(false),
      set_headers: fc.constant([
        { header: "x-user", claim: "sub" },
        { header: "x-user", name_of: "basic" },
        { header: "x-c", value: "c" },
      ]),
    },
    { requiredKeys: ["rules", "jwt"] },
  )
  .map((own) => ({ ...own, ...credentials }));

const claims = fc.record(
  {
    sub: fc.constantFrom("a", 1, ["admin"], { b: 1 }, null, "a\n", true, "admin x"),
    exp: fc.constantFrom(9_999_999_999, 1, 9e9 + 0.5, "1", 1e300),
    nbf: fc.constantFrom(1, 9_999_999_999, "x", 0.5),
    iss: fc.constantFrom("i", "j", 1),
    aud: fc.constantFrom("i", ["j", "i"], 1),
    a: fc.constantFrom({ b: "admin" }, { b: [1, "admin"] }, 1),
  },
  { requiredKeys: [] },
);
const headers = fc.constantFrom<object>(
  { alg: "HS256" },
  { alg: "RS256", kid: "rsa" },
  { alg: "ES256", kid: "ec" },
  { alg: "none" },
  { alg: 1 },
  { alg: "HS256", crit: [] },
  { alg: "HS256", kid: 1 },
  { alg: "HS256", kid: "x" },
);
const token = fc.tuple(headers, claims).map(([header, payload]) => {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const signed = `${part(header)}.${part(payload)}`;
  const { alg } = header as { alg: unknown };
  const bytes = Buffer.from(signed);
  if (alg === "RS256") return `${signed}.${sign("sha256", bytes, rsa.privateKey).toString("base64url")}`;
  if (alg === "ES256")
    return `${signed}.${sign("sha256", bytes, { key: ec.privateKey, dsaEncoding: "ieee-p1363" }).toString("base64url")}`;
  return `${signed}.${createHmac("sha256", secret).update(bytes).digest("base64url")}`;
});
const damaged = (values: fc.Arbitrary<string>): fc.Arbitrary<Uint8Array> =>
  fc
    .tuple(values, fc.nat(), fc.constantFrom<Uint8Array | null>(null, null, ...hostilePieces))
    .map(([value, at, piece]) => {
      const bytes = Buffer.from(value);
      if (piece === null) return new Uint8Array(bytes);
      const from = at % (bytes.length + 1);
      return new Uint8Array(
        Buffer.concat([bytes.subarray(0, from), Buffer.from(piece), bytes.subarray(from)]),
      );
    });
const input = '("@path" "x-role");created=1700000000;keyid="k";alg="hmac-sha256"';
const lines: Array<[string, fc.Arbitrary<string>]> = [
  ["authorization", token.map((value) => `Bearer ${value}`)],
  ["authorization", fc.constantFrom("YTpw", "YTp4", "YTpw=", "!", "YQ==").map((value) => `Basic ${value}`)],
  ["x-api-key", fc.constantFrom("key", "", "x")],
  [
    "signature-input",
    fc.constantFrom(`s=${input}`, `s=${input};nonce="n";expires=1`, "s=()", 's=("@x")', 's=("@method"'),
  ],
  ["signature", fc.constantFrom("s=:AAAA:", "t=:AAAA:", "s=:A:", "s=AAAA")],
  [
    "x-forwarded-for",
    fc.constantFrom(
      "10.0.0.1",
      "1.2.3.4, 2001:db8::1",
      "::ffff:1.2.3.4,10.1.1.1",
      "x",
      "1.2.3.256",
      "1:2:3:4:5:6:7:8",
      "::",
    ),
  ],
];
/** A header with a credential or the client's address, sound or damaged. */
export const credentialLine = fc.oneof(
  ...lines.map(([name, value]) =>
    damaged(value).map((bytes): [string, Uint8Array] => [name, sendable(bytes)]),
  ),
);

/** A request with credentials, sound ones and damaged ones. */
export const credentialed: fc.Arbitrary<FuzzRequest> = fc
  .tuple(
    request,
    fc.array(credentialLine, { minLength: 1, maxLength: 3 }),
    fc.constantFrom("", "?a=1", "?admin=a&a=%41&x", "?%zz=1&a+b=%2"),
  )
  .map(([each, more, query]) => ({
    ...each,
    path: each.path.includes("?") ? each.path : each.path + query,
    headers: [...each.headers, ...more] as FuzzRequest["headers"],
  }));
