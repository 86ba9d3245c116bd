import { expect, filterTest } from "proxy-wasm-harness/vitest";
import { guest } from "../guests/guest.ts";
import { base64Url, inSeconds, judge, jwks, tokenOf } from "./tokens.ts";

const filter = guest("verifies-tokens");
const test = filterTest(filter, { jwks });
const strict = filterTest(filter, {
  jwks,
  issuers: ["https://issuer", "https://other"],
  audiences: ["api", "admin"],
  requires_not_before: true,
});

/** Claims with which the strict configuration is content. */
const good = { iss: "https://issuer", aud: "api", nbf: inSeconds(-600) };

// A table: a title, claims beside the good ones, and the verdict.
// prettier-ignore
const judged: [string, object, string][] = [
  ["all that it must have", {}, "Valid"],
  ["the other issuer", { iss: "https://other" }, "Valid"],
  ["an unknown issuer", { iss: "https://evil" }, "WrongIssuer"],
  ["an issuer with a slash more", { iss: "https://issuer/" }, "WrongIssuer"],
  ["an issuer in another case", { iss: "https://ISSUER" }, "WrongIssuer"],
  ["no issuer", { iss: undefined }, "WrongIssuer"],
  ["an empty issuer", { iss: "" }, "WrongIssuer"],
  ["issuers in an array", { iss: ["https://issuer"] }, "WrongIssuer"],
  ["no audience", { aud: undefined }, "WrongAudience"],
  ["another audience", { aud: "web" }, "WrongAudience"],
  ["a prefix of an audience", { aud: "ap" }, "WrongAudience"],
  ["an array with an audience", { aud: ["web", "admin"] }, "Valid"],
  ["an array of other audiences", { aud: ["web", "ap"] }, "WrongAudience"],
  ["an empty array of audiences", { aud: [] }, "WrongAudience"],
  ["an audience in an object", { aud: { api: "api" } }, "WrongAudience"],
  ["an audience in an array in an array", { aud: [["api"]] }, "WrongAudience"],
  ["an exp that is over", { exp: inSeconds(-1) }, "Expired"],
  ["an exp of 0", { exp: 0 }, "Expired"],
  ["an exp before 1970", { exp: -1 }, "Expired"],
  ["an exp with a fraction", { exp: inSeconds(600) + 0.5 }, "Valid"],
  ["an exp with a fraction that is over", { exp: inSeconds(-600) + 0.5 }, "Expired"],
  ["no exp", { exp: undefined }, "MissingExpiry"],
  ["an exp that is a string", { exp: String(inSeconds(600)) }, "Malformed"],
  ["an exp that is null", { exp: null }, "Malformed"],
  ["an exp in an array", { exp: [inSeconds(600)] }, "Malformed"],
  ["an exp that is true", { exp: true }, "Malformed"],
  ["an exp beyond 2^53", { exp: 1e300 }, "Malformed"],
  ["an nbf that is yet to come", { nbf: inSeconds(600) }, "NotYetValid"],
  ["no nbf", { nbf: undefined }, "MissingNotBefore"],
  ["an nbf that is a string", { nbf: "0" }, "Malformed"],
];

for (const [title, claims, verdict] of judged) {
  strict(`a token with ${title} is judged ${verdict}`, async ({ proxy }) => {
    expect(await judge(proxy, [tokenOf({ claims: { ...good, ...claims } })])).toEqual([verdict]);
  });
}

/** Tokens of the moment in which they are judged: one that was over 20 seconds before, and one that begins in 60. */
const over = (): string => tokenOf({ claims: { exp: inSeconds(-20) } });
const early = (): string => tokenOf({ claims: { nbf: inSeconds(60) } });

filterTest(filter, { jwks, leeway_seconds: 120 })("within the leeway both ends hold", async ({ proxy }) => {
  expect(await judge(proxy, [over(), early()])).toEqual(["Valid", "Valid"]);
});

filterTest(filter, { jwks, leeway_seconds: 10 })("beyond the leeway no end holds", async ({ proxy }) => {
  expect(await judge(proxy, [over(), early()])).toEqual(["Expired", "NotYetValid"]);
});

filterTest(filter, { jwks, leeway_seconds: 4_294_967_295 })(
  "the largest leeway does not wrap",
  async ({ proxy }) => {
    expect(await judge(proxy, [over(), early()])).toEqual(["Valid", "Valid"]);
  },
);

filterTest(filter, { jwks, requires_expiry: false })(
  "a token without exp is sound where none is asked for",
  async ({ proxy }) => {
    expect(await judge(proxy, [tokenOf({ claims: { exp: undefined } }), over()])).toEqual([
      "Valid",
      "Expired",
    ]);
  },
);

const nested = (depth: number): string =>
  `{"exp":${inSeconds(600)},"a":${"[".repeat(depth)}${"]".repeat(depth)}}`;
const ill = (text: string): Buffer => Buffer.from(text, "latin1");

// Signed soundly: whoever has the key may still write nonsense.
// prettier-ignore
const claimTexts: [string, string | Uint8Array, string][] = [
  ["no bytes", "", "Malformed"],
  ["no JSON", "{", "Malformed"],
  ["an array", "[]", "Malformed"],
  ["a string", '"x"', "Malformed"],
  ["null", "null", "Malformed"],
  ["a key twice", `{"exp":${inSeconds(600)},"exp":9999999999}`, "Malformed"],
  ["a key twice, once as an escape", `{"sub":"a","\\u0073ub":"b","exp":${inSeconds(600)}}`, "Malformed"],
  ["a key twice deep inside", `{"exp":${inSeconds(600)},"a":[{"b":{"c":1,"c":2}}]}`, "Malformed"],
  ["something behind it", `{"exp":${inSeconds(600)}}x`, "Malformed"],
  ["a byte order mark", `\ufeff{"exp":${inSeconds(600)}}`, "Malformed"],
  ["ill-formed UTF-8", ill(`{"exp":${inSeconds(600)},"sub":"\xff"}`), "Malformed"],
  ["an overlong NUL", ill(`{"exp":${inSeconds(600)},"sub":"\xc0\x80"}`), "Malformed"],
  ["a lone surrogate", `{"exp":${inSeconds(600)},"sub":"\\ud800"}`, "Malformed"],
  ["NUL", `{"exp":${inSeconds(600)},"sub":"\0"}`, "Malformed"],
  ["arrays 31 deep", nested(31), "Valid"],
  ["arrays 32 deep", nested(32), "Malformed"],
  ["arrays 5000 deep", nested(5000), "Malformed"],
  ["a comment", `{"exp":${inSeconds(600)}}/**/`, "Malformed"],
  ["NaN", '{"exp":NaN}', "Malformed"],
  ["an exponent", '{"exp":9.9e9}', "Valid"],
  ["an exponent that leaves a fraction", '{"exp":1.00000000000005e9}', "Malformed"],
  ["2000 members", JSON.stringify({ exp: inSeconds(600), ...Array.from({ length: 1000 }, (_, i) => i) }), "Valid"],
];

for (const [title, claimsText, verdict] of claimTexts) {
  test(`claims of ${title} are judged ${verdict}`, async ({ proxy }) => {
    expect(await judge(proxy, [tokenOf({ claimsText })])).toEqual([verdict]);
  });
}

const [header = "", claims = "", signature = ""] = tokenOf().split(".");

/** The same signature with a bit set that stands for none of its bytes. */
const strayed = signature.slice(0, -1) + String.fromCharCode(signature.charCodeAt(signature.length - 1) + 1);

// prettier-ignore
const malformed: [string, string][] = [
  ["no bytes", ""],
  ["one part", header],
  ["two parts", `${header}.${claims}`],
  ["four parts", `${header}.${claims}.${signature}.`],
  ["five parts, as encrypted ones have", `${header}.${claims}.${signature}.${claims}.${claims}`],
  ["dots only", ".."],
  ["a prefix Bearer", `Bearer ${header}.${claims}.${signature}`],
  ["padding behind its header", `${header}=.${claims}.${signature}`],
  ["padding behind its signature", `${header}.${claims}.${signature}==`],
  ["a stray bit behind its signature", `${header}.${claims}.${strayed}`],
  ["base64 in place of base64url", `${header}.${claims}.${signature.slice(0, -4)}+/+/`],
  ["a byte beyond ASCII", `${header}.${claims}\xff.${signature}`],
  ["a tab inside", `${header}.${claims}\t.${signature}`],
  ["more than 16 KiB", tokenOf({ claims: { a: "x".repeat(13_000) } })],
  ["a header of more than 2 KiB", tokenOf({ header: { a: "x".repeat(2_100) } })],
  ["a header that is no JSON", tokenOf({ headerText: "RS256" })],
  ["a header that is an array", tokenOf({ headerText: '["RS256"]' })],
  ["a header without alg", tokenOf({ headerText: '{"typ":"JWT"}' })],
  ["alg twice", tokenOf({ headerText: '{"alg":"RS256","alg":"none"}' })],
  ["alg null", tokenOf({ headerText: '{"alg":null}' })],
  ["alg in an array", tokenOf({ headerText: '{"alg":["RS256"]}' })],
  ["a header that is ill-formed UTF-8", tokenOf({ headerText: ill('{"alg":"RS256","kid":"\xff"}') })],
  ["a header 1000 deep", tokenOf({ headerText: `${'{"alg":'.repeat(200)}` })],
  ["a kid that is a number", tokenOf({ header: { kid: 1 } })],
  ["a kid that is null", tokenOf({ header: { kid: null } })],
];

for (const [title, token] of malformed) {
  test(`a token with ${title} is malformed`, async ({ proxy }) => {
    expect(await judge(proxy, [token])).toEqual(["Malformed"]);
  });
}

test("nothing is logged about tokens that are refused", async ({ proxy }) => {
  const tokens = malformed.map(([, token]) => token).filter((token) => token.length < 10_000);
  await judge(proxy, [...tokens, `${header}.${claims}.${base64Url("x")}`, over()]);
  await proxy.settled();

  expect(proxy.logs).toEqual([]);
});

// A table: a claim's name, and it as a scalar, an integer, a boolean, the size of a list, a string in "address".
// prettier-ignore
const read: [string, string][] = [
  ["sub", "<me> -1 false 1 absent"],
  ["empty", "<> -1 false 1 absent"],
  ["level", "<7> 7 false 0 absent"],
  ["large", "<9007199254740991> 9007199254740991 false 0 absent"],
  ["half", "<0.5> -1 false 0 absent"],
  ["isAdmin", "<true> -1 true 0 absent"],
  ["roles", "absent -1 false 2 absent"],
  ["nothing", "absent -1 false 0 absent"],
  ["address", "absent -1 false 0 absent"],
  ["city", "absent -1 false 0 <Köln>"],
  ["gone", "absent -1 false 0 absent"],
];

const told = tokenOf({
  claims: {
    ...{ empty: "", level: 7, large: Number.MAX_SAFE_INTEGER, half: 0.5, isAdmin: true },
    ...{ roles: ["a", 1, "b", null], nothing: null, address: { city: "Köln" } },
  },
});

for (const [name, expected] of read) {
  test(`the claim ${name} is read as what it is`, async ({ proxy }) => {
    expect(await judge(proxy, [told], name)).toEqual([`Valid ${expected}`]);
  });
}

test("claims cannot be read unless the signature holds", async ({ proxy }) => {
  expect(await judge(proxy, [`${told.slice(0, -8)}AAAAAAAA`, over()], "sub")).toEqual([
    ...["BadSignature unread", "Expired <me> -1 false 1 absent"],
  ]);
});
