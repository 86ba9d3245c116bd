import { base64Url, inSeconds, jwks, keys, tokenOf } from "../../abi/tokens.ts";
import type { Attempt } from "./credentials.ts";
import type { HeaderAuthz } from "./scenarios.ts";

type Jwt = NonNullable<HeaderAuthz["jwt"]>;
type Condition = Extract<HeaderAuthz["rules"][number], { allow: unknown }>["allow"];

/** A configuration with tokens, by the keys of `test/abi/tokens.ts`. */
const by = (jwt: Partial<Jwt> = {}, allow: Condition = { authenticated: "jwt" }): HeaderAuthz => ({
  realm: "shop",
  jwt: { local_jwks: jwks, ...jwt } as Jwt,
  rules: [{ allow }],
});
const claim = (condition: Condition): HeaderAuthz => by({}, condition);
const any = by();
const all = by({ algorithms: ["RS256", "ES256", "HS256"] });
const issued = by({ issuers: ["https://a.example", "https://b.example"] });
const forShop = by({ audiences: ["shop"] });
const strict = by({ clock_skew_seconds: 0 });
const lasting = by({ require_expiration: false });
const inQuery = by({ from: { query: "access_token" } });
const inHeader = by({ from: { header: "x-token", value_prefix: "" } });
const sub = claim({ claim: "sub", exact: "me" });
const groups = claim({ claim: "groups", element: "admins" });
const scope = claim({ claim: "scope", element: "write" });
const nested = claim({ claim: "/realm_access/roles", element: "ops" });
const level = claim({ claim: "level", range: { from: 3, to: 10 } });
const notGuest = claim({ claim: "sub", exact: "guest", invert: true });
const noClaim = claim({ claim: "locked", present: true, invert: true });
const named = claim({ authenticated: "jwt", name: { prefix: "svc-" } });

const bearer = (...tokens: string[]) => ({
  headers: tokens.map((token) => ["authorization", `Bearer ${token}`] as const),
});
const header = (value: string) => ({ headers: [["x-token", value]] as const });
const claims = (more: object) => bearer(tokenOf({ claims: more }));
const [first = "", second = "", third = ""] = tokenOf().split(".");

const passes = { status: 200, reason: "allowed" };
const asks = { status: 401, challenges: ['Bearer realm="shop"'], reason: "missing_credential" };
const bad = { status: 401, challenges: ['Bearer realm="shop", error="invalid_token"'] };
const mayNot = {
  status: 403,
  reason: "no_rule_matched",
  challenges: ['Bearer realm="shop", error="insufficient_scope"'],
};
const malformed = { ...bad, reason: "token_malformed" };
const algorithm = { ...bad, reason: "token_algorithm_refused" };
const signature = { ...bad, reason: "token_bad_signature" };
const unknown = { ...bad, reason: "token_unknown_key" };
const publicPem = keys.rsa.publicKey.export({ type: "spki", format: "pem" });

// A table: one line a token.
// prettier-ignore
export const tokens: readonly Attempt[] = [
  { title: "a token by RS256 passes", configuration: any, ...bearer(tokenOf()), ...passes },
  { title: "a token by ES256 passes", configuration: any, ...bearer(tokenOf({ by: "ES256" })), ...passes },
  { title: "a token by HS256 passes where it is asked for", configuration: all, ...bearer(tokenOf({ by: "HS256" })), ...passes },
  { title: "no token is missing", configuration: any, ...asks },
  { title: "another scheme is no token", configuration: any, headers: [["authorization", "Basic eDp5"]], ...asks },
  { title: "the scheme's case does not count", configuration: any, headers: [["authorization", `bEARER ${tokenOf()}`]], ...passes },
  { title: "a token by HS256 is refused unless it is asked for", configuration: any, ...bearer(tokenOf({ by: "HS256" })), ...algorithm },
  { title: "alg none is refused", configuration: all, ...bearer(`${base64Url('{"alg":"none"}')}.${second}.`), ...algorithm },
  { title: "alg NONE is refused", configuration: all, ...bearer(`${base64Url('{"alg":"NONE"}')}.${second}.${third}`), ...algorithm },
  { title: "a public key is no secret", configuration: all, ...bearer(tokenOf({ by: "HS256", secret: Buffer.from(publicPem), header: { kid: "rsa" } })), ...unknown },
  { title: "a public key is no secret, without a name either", configuration: all, ...bearer(tokenOf({ by: "HS256", secret: Buffer.from(publicPem) })), ...signature },
  { title: "an algorithm of another key is refused", configuration: all, ...bearer(tokenOf({ by: "RS256", header: { alg: "ES256" } })), ...signature },
  { title: "a key of a stranger is refused", configuration: any, ...bearer(tokenOf({ key: keys.otherRsa.privateKey })), ...signature },
  { title: "an unknown kid is refused", configuration: any, ...bearer(tokenOf({ header: { kid: "other" } })), ...unknown },
  { title: "a kid that is a path is a name like any", configuration: any, ...bearer(tokenOf({ header: { kid: "../../../dev/null" } })), ...unknown },
  { title: "a kid that is a query is a name like any", configuration: any, ...bearer(tokenOf({ header: { kid: "rsa' or '1'='1" } })), ...unknown },
  { title: "a kid that is no text is malformed", configuration: any, ...bearer(tokenOf({ header: { kid: ["rsa"] } })), ...malformed },
  { title: "a key that the token brings is not looked at", configuration: any, ...bearer(tokenOf({ key: keys.otherRsa.privateKey, header: { jwk: keys.otherRsa.publicKey.export({ format: "jwk" }) } })), ...signature },
  { title: "an address of keys that the token brings is not asked", configuration: any, ...bearer(tokenOf({ key: keys.otherRsa.privateKey, header: { jku: "http://evil.example/jwks" } })), ...signature },
  { title: "an extension is refused", configuration: any, ...bearer(tokenOf({ header: { crit: ["b64"], b64: false } })), ...bad, reason: "token_extension_refused" },
  { title: "changed claims are refused", configuration: any, ...bearer(`${first}.${base64Url('{"sub":"root","exp":9999999999}')}.${third}`), ...signature },
  { title: "no signature is refused", configuration: any, ...bearer(`${first}.${second}.`), ...signature },
  { title: "two parts are malformed", configuration: any, ...bearer(`${first}.${second}`), ...malformed },
  { title: "an alg twice is malformed", configuration: any, ...bearer(tokenOf({ headerText: '{"alg":"RS256","alg":"none"}' })), ...malformed },
  { title: "claims that are no object are malformed", configuration: any, ...bearer(tokenOf({ claimsText: '["sub"]' })), ...malformed },
  { title: "a huge token is malformed", configuration: any, ...bearer(tokenOf({ claims: { pad: "x".repeat(20_000) } })), ...malformed },
  { title: "two tokens, which Envoy joins, are malformed", configuration: any, ...bearer(tokenOf(), tokenOf()), ...malformed },

  { title: "a token that is over is refused", configuration: any, ...claims({ exp: inSeconds(-120) }), ...bad, reason: "token_expired" },
  { title: "clocks may differ by a minute", configuration: any, get headers() { return claims({ exp: inSeconds(-20) }).headers; }, ...passes }, // of the moment in which it is sent
  { title: "or by as much as is said", configuration: strict, ...claims({ exp: inSeconds(-20) }), ...bad, reason: "token_expired" },
  { title: "a token that never ends is refused", configuration: any, ...bearer(tokenOf({ claimsText: '{"sub":"me"}' })), ...bad, reason: "token_missing_expiry" },
  { title: "it passes where it may", configuration: lasting, ...bearer(tokenOf({ claimsText: '{"sub":"me"}' })), ...passes },
  { title: "a token that is to begin is refused", configuration: any, ...claims({ nbf: inSeconds(600) }), ...bad, reason: "token_not_yet_valid" },
  { title: "one of the issuers passes", configuration: issued, ...claims({ iss: "https://b.example" }), ...passes },
  { title: "another issuer is refused", configuration: issued, ...claims({ iss: "https://b.example/" }), ...bad, reason: "token_wrong_issuer" },
  { title: "an audience among several passes", configuration: forShop, ...claims({ aud: ["x", "shop"] }), ...passes },
  { title: "another audience is refused", configuration: forShop, ...claims({ aud: "shops" }), ...bad, reason: "token_wrong_audience" },

  { title: "a token in the query passes", configuration: inQuery, path: `/?access_token=${tokenOf()}`, ...passes },
  { title: "a token in the header is not looked for where the query has it", configuration: inQuery, ...bearer(tokenOf()), ...asks },
  { title: "two tokens in the query are refused", configuration: inQuery, path: `/?access_token=a&access_token=${tokenOf()}`, ...bad, reason: "repeated_credential" },
  { title: "a token in another header passes", configuration: inHeader, ...header(tokenOf()), ...passes },
  { title: "a prefix that is not asked for makes it malformed", configuration: inHeader, ...header(`Bearer ${tokenOf()}`), ...malformed },
  { title: "two of another header are refused", configuration: inHeader, headers: [["x-token", tokenOf()], ["x-token", tokenOf()]], ...bad, reason: "repeated_credential" },

  { title: "a claim that is the text passes", configuration: sub, ...bearer(tokenOf()), ...passes },
  { title: "a claim that is another may not", configuration: sub, ...claims({ sub: "you" }), ...mayNot },
  { title: "a claim that is an array is in doubt", configuration: sub, ...claims({ sub: ["me"] }), ...mayNot },
  { title: "a claim of a token that is not sound is none", configuration: sub, ...bearer(tokenOf({ key: keys.otherRsa.privateKey })), ...signature },
  { title: "a claim without a token is missing", configuration: sub, ...asks },
  { title: "an element of an array passes", configuration: groups, ...claims({ groups: ["x", "admins"] }), ...passes },
  { title: "an array without it may not", configuration: groups, ...claims({ groups: ["administrators", 7] }), ...mayNot },
  { title: "a word of a text passes", configuration: scope, ...claims({ scope: "read write" }), ...passes },
  { title: "a part of a word may not", configuration: scope, ...claims({ scope: "read writers,write" }), ...mayNot },
  { title: "a claim within objects passes", configuration: nested, ...claims({ realm_access: { roles: ["ops"] } }), ...passes },
  { title: "the same name elsewhere may not", configuration: nested, ...claims({ roles: ["ops"], "/realm_access/roles": ["ops"], realm_access: "ops" }), ...mayNot },
  { title: "a number in the range passes", configuration: level, ...claims({ level: 3 }), ...passes },
  { title: "a number out of it may not", configuration: level, ...claims({ level: 10 }), ...mayNot },
  { title: "any other value passes", configuration: notGuest, ...bearer(tokenOf()), ...passes },
  { title: "no value is in doubt", configuration: notGuest, ...bearer(tokenOf({ claims: { sub: undefined } })), ...mayNot },
  { title: "no token is no other value", configuration: notGuest, ...asks },
  { title: "an absent claim passes where absence is asked for", configuration: noClaim, ...bearer(tokenOf()), ...passes },
  { title: "one that is there may not", configuration: noClaim, ...claims({ locked: null }), ...mayNot },
  { title: "the owner's name passes", configuration: named, ...claims({ sub: "svc-a" }), ...passes },
  { title: "another's may not", configuration: named, ...bearer(tokenOf()), ...mayNot },
];
