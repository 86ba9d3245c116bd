import { createHmac } from "node:crypto";
import { expect, filterTest } from "proxy-wasm-harness/vitest";
import { inSeconds } from "../../abi/tokens.ts";
import type { HeaderAuthz } from "./scenarios.ts";

type Options = NonNullable<HeaderAuthz["signatures"]>;

const secret = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
const other = Buffer.alloc(32, 7).toString("base64");
const keys = [
  { keyid: "billing", secret, roles: ["pay"] },
  { keyid: "other", secret: other },
];
const by = (more: Partial<Options> = {}): HeaderAuthz => ({
  signatures: { keys, ...more },
  rules: [{ allow: { authenticated: "signature", name: { exact: "billing" }, role: "pay" } }],
});
const all = by();
const digested = by({ covers: ["@method", "@target-uri", "content-digest"] });
const old = by({ max_age_seconds: 3_153_600_000 });

/** What is signed, and by what; what is sent may differ. */
interface Signed {
  readonly base?: Record<string, string>;
  readonly parameters?: string;
  readonly secret?: string;
  readonly label?: string;
  readonly input?: string;
  readonly signature?: string;
}

const plain = { "@method": "GET", "@authority": "shop.example", "@path": "/pay/a%20b", "@query": "?x=1&y=" };
const fresh = `created=${inSeconds(0)}`;
const byBilling = `${fresh};keyid="billing"`;

/** The two headers of RFC 9421. */
function signed({ base = plain, parameters = byBilling, label = "sig1", ...more }: Signed = {}): Array<
  [string, string]
> {
  const input = `(${Object.keys(base).map((name) => `"${name}"`).join(" ")});${parameters}`; // prettier-ignore
  const lines = Object.entries(base).map(([name, value]) => `"${name}": ${value}\n`);
  const code = createHmac("sha256", Buffer.from(more.secret ?? secret, "base64"))
    .update(`${lines.join("")}"@signature-params": ${input}`)
    .digest("base64");
  return [
    ["signature-input", more.input ?? `${label}=${input}`],
    ["signature", more.signature ?? `${label}=:${code}:`],
  ];
}

const [, [, sound] = ["", ""]] = signed();
const withDate = { ...plain, date: "Tue, 20 Apr 2021 02:07:55 GMT" };
const withoutQuery = {
  "@method": plain["@method"],
  "@authority": plain["@authority"],
  "@path": plain["@path"],
};
const uri = { "@method": "GET", "@target-uri": "http://shop.example/pay/a%20b?x=1&y=" };
const target = { "@method": "GET", "@authority": "shop.example", "@request-target": "/pay/a%20b?x=1&y=" };

type Row = [what: string, configuration: HeaderAuthz, headers: Array<[string, string]>, reason: string];

// A table: one line a request.
// prettier-ignore
const rows: Row[] = [
  ["a sound signature passes", all, signed(), "allowed"],
  ["with the algorithm said", all, signed({ parameters: `${byBilling};alg="hmac-sha256"` }), "allowed"],
  ["with a nonce and a tag", all, signed({ parameters: `${byBilling};nonce="n";tag="t"` }), "allowed"],
  ["with an end to come", all, signed({ parameters: `${byBilling};expires=${inSeconds(300)}` }), "allowed"],
  ["by whatever label", all, signed({ label: "x-1" }), "allowed"],
  ["over the whole URI", all, signed({ base: uri }), "allowed"],
  ["over the whole target", all, signed({ base: target }), "allowed"],
  ["over a header", all, [["date", withDate.date], ...signed({ base: withDate })], "allowed"],
  ["over a header of several values", all, [["x-a", "1"], ["x-a", "2"], ...signed({ base: { ...plain, "x-a": "1, 2" } })], "allowed"],
  ["over what is asked for", digested, [["content-digest", "sha-256=:x:"], ...signed({ base: { ...uri, "content-digest": "sha-256=:x:" } })], "allowed"],

  ["none is missing", all, [], "missing_credential"],
  ["one of the two headers is malformed", all, [["signature", sound ?? ""]], "signature_malformed"],
  ["the other one too", all, signed().slice(0, 1), "signature_malformed"],
  ["two of them are refused", all, [...signed(), ...signed()], "repeated_credential"],
  ["two members are malformed", all, signed({ input: `${signed()[0]?.[1]}, sig2=("@method");${byBilling}` }), "signature_malformed"],
  ["another label is malformed", all, signed({ signature: (sound ?? "").replace("sig1", "sig2") }), "signature_malformed"],
  ["a signature that is no base64 is malformed", all, signed({ signature: "sig1=:!:" }), "signature_malformed"],
  ["what follows it is malformed", all, signed({ signature: `${sound};a=1` }), "signature_malformed"],
  ["no created is malformed", all, signed({ parameters: 'keyid="billing"' }), "signature_malformed"],
  ["created twice is malformed", all, signed({ parameters: `${fresh};${byBilling}` }), "signature_malformed"],
  ["a created beyond all time is malformed", all, signed({ parameters: 'created=9999999999999999;keyid="billing"' }), "signature_malformed"],
  ["a created below 0 is malformed", all, signed({ parameters: 'created=-1;keyid="billing"' }), "signature_malformed"],
  ["no keyid is malformed", all, signed({ parameters: fresh }), "signature_malformed"],
  ["another algorithm is malformed", all, signed({ parameters: `${byBilling};alg="rsa-pss-sha512"` }), "signature_malformed"],
  ["an unknown parameter is malformed", all, signed({ parameters: `${byBilling};x="y"` }), "signature_malformed"],
  ["a component twice is malformed", all, signed({ input: `sig1=("@method" "@method");${byBilling}` }), "signature_malformed"],
  ["an unknown component is malformed", all, signed({ base: { ...plain, "@status": "200" } }), "signature_malformed"],
  ["a component with a parameter is malformed", all, signed({ input: `sig1=("@method";req);${byBilling}` }), "signature_malformed"],
  ["a header in upper case is malformed", all, [["date", "x"], ...signed({ base: { ...plain, Date: "x" } })], "signature_malformed"],
  ["a list that does not end is malformed", all, signed({ input: `sig1=("@method"` }), "signature_malformed"],

  ["an unknown key is unknown", all, signed({ parameters: `${fresh};keyid="nobody"` }), "signature_unknown_key"],
  ["another's secret is wrong", all, signed({ secret: other }), "signature_wrong"],
  ["another method is wrong", all, signed({ base: { ...plain, "@method": "POST" } }), "signature_wrong"],
  ["another path is wrong", all, signed({ base: { ...plain, "@path": "/pay/a b" } }), "signature_wrong"],
  ["another query is wrong", all, signed({ base: { ...plain, "@query": "?x=2&y=" } }), "signature_wrong"],
  ["another host is wrong", all, signed({ base: { ...plain, "@authority": "evil.example" } }), "signature_wrong"],
  ["another header is wrong", all, [["date", "now"], ...signed({ base: withDate })], "signature_wrong"],
  ["a header that is not there is wrong", all, signed({ base: withDate }), "signature_wrong"],
  ["one more value of a header is wrong", all, [["date", withDate.date], ["x-a", "1"], ["x-a", "2"], ...signed({ base: { ...plain, "x-a": "1" } })], "signature_wrong"],
  ["a later end than signed is wrong", all, signed({ input: `${signed()[0]?.[1]};expires=9999999999` }), "signature_wrong"],
  ["no code at all is wrong", all, signed({ signature: "sig1=::" }), "signature_wrong"],

  ["not covering the query is not enough", all, signed({ base: withoutQuery }), "signature_not_covering"],
  ["not covering a header that is asked for is not enough", digested, signed({ base: uri }), "signature_not_covering"],
  ["covering nothing is not enough", all, signed({ base: {} }), "signature_not_covering"],
  ["an old one is over", all, signed({ parameters: `created=${inSeconds(-400)};keyid="billing"` }), "signature_expired"],
  ["it passes where it may be old", old, signed({ parameters: `created=${inSeconds(-400)};keyid="billing"` }), "allowed"],
  ["one whose end has come is over", all, signed({ parameters: `${byBilling};expires=${inSeconds(-100)}` }), "signature_expired"],
  ["one that is yet to be made is refused", all, signed({ parameters: `created=${inSeconds(600)};keyid="billing"` }), "signature_not_yet_valid"],
  ["another known key may not", all, signed({ parameters: `${fresh};keyid="other"`, secret: other }), "no_rule_matched"],
];

for (const [what, configuration, headers, reason] of rows) {
  filterTest("header-authz", configuration)(`a signature: ${what}`, async ({ proxy }) => {
    const response = await proxy.get("/pay/a%20b?x=1&y=", { headers, authority: "Shop.example:80" });
    await proxy.settled();

    const isAllowed = reason === "allowed";
    expect(response).toHaveStatus(isAllowed ? 200 : reason === "no_rule_matched" ? 403 : 401);
    expect(response.headers.get("www-authenticate")).toBe(
      isAllowed ? null : 'Signature realm="header-authz"',
    );
    expect(proxy.accessLog[0]?.details).toBe(isAllowed ? "via_upstream" : `header_authz_${reason}`);
  });
}

const ofTheRfc = filterTest("header-authz", {
  signatures: {
    keys: [
      {
        keyid: "test-shared-secret",
        secret: "uzvJfB4u3N0Jy4T7NZ75MDVcr8zSTInedJtkgcu46YW4XByzNJjxBdtjUkdJPBtbmHhIDi6pcl8jsasjlTMtDQ==",
      },
    ],
    covers: ["@authority"],
    max_age_seconds: 3_153_600_000,
  },
  rules: [{ allow: { authenticated: "signature" } }],
});

ofTheRfc("the RFC's own example, B.2.5, is sound", async ({ proxy }) => {
  const input = '("date" "@authority" "content-type");created=1618884473;keyid="test-shared-secret"';
  const headers = {
    date: "Tue, 20 Apr 2021 02:07:55 GMT",
    "content-type": "application/json",
    "signature-input": `sig-b25=${input}`,
    signature: "sig-b25=:pxcQw6G3AjtMBQjwo8XzkZf/bws5LelbaMk5rGIGtE8=:",
  };
  const response = await proxy.post("/foo?param=Value&Pet=dog", ['{"hello": "world"}'], {
    authority: "example.com",
    headers,
  });

  expect(response).toHaveStatus(200);
});
