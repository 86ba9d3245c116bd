import fc from "fast-check";
import { readFileSync } from "node:fs";
import type { Field } from "../host/fields.ts";
import type { ForeignAnswer } from "../host/state.ts";
import {
  comparison,
  credentialLine,
  hostComparison,
  ranges as soundRanges,
  wideAuthz,
} from "../wide-authz.ts";
import { declaredBy, type Schema, type Seeds } from "./declared.ts";
import { soundExpression, wrongExpression } from "./expressions.ts";
import { anyToken, keySet } from "./tokens.ts";

/** What happens beside the requests: the service that has the keys answers, or time goes by. */
export type AuthzEvent =
  | { readonly kind: "answer"; readonly headers: readonly Field[]; readonly body: string }
  | { readonly kind: "tick"; readonly by: number };

/** A configuration of header-authz, what its host knows, and requests. */
export interface AuthzSession {
  readonly configuration: unknown;
  readonly mustBeAccepted: boolean;
  readonly properties: Readonly<Record<string, string>>;
  readonly foreign: ForeignAnswer;
  readonly requests: ReadonlyArray<readonly Field[]>;
  readonly events: readonly AuthzEvent[];
}

const latin1 = (bytes: Uint8Array | string): string => Buffer.from(bytes).toString("latin1");

/** Mostly the first, since one part that is refused hides what is wrong with the others. */
const mostly = <T>(sound: fc.Arbitrary<T>, wrong: fc.Arbitrary<T>): fc.Arbitrary<T> =>
  fc.oneof({ weight: 16, arbitrary: sound }, { weight: 1, arbitrary: wrong });
const words = (list: string): fc.Arbitrary<string> => fc.constantFrom(...list.split(" "));

const text = mostly(
  fc.constantFrom("admin", "a", "A", "ops-", "é", "1", "%", "a b", "0x"),
  fc.constantFrom("a,b", " a", "", "a\n"),
);
const headerName = mostly(words("x-role X-Team :method :path x-list"), fc.constantFrom("x y", ""));
const paths = mostly(words("/ /a /a/b /a/ /A /%41 /é"), words("* // /a/../b /.a a /a;b /a\\b"));
const hosts = mostly(words("localhost Example.com [::1] a_b-1"), words("a. a:80 a..b [ é [x] :"));
const ranges = mostly(
  words("10.0.0.0/8 127.0.0.1 ::/0 0.0.0.0/0 2001:db8::/32 ::ffff:1.2.3.4 1:2:3:4:5:6:7:8/128 2001:db8::/96"),
  words(
    "::1/127 10.0.0.1/8 10.0.0.0/33 ::/129 1.2.3.4/ 1.2.3.4/08 1.2.3.4/1000 x 1.2.3.4.5 01.2.3.4 ::1.2.3.256 " +
      "1:2:3:4:5:6:7:1.2.3.4 1:::2 1.2.3.4/x",
  ),
);
const expression = mostly(
  soundExpression.map(({ source }) => source),
  wrongExpression,
);
const hex = (length: number): fc.Arbitrary<string> =>
  mostly(words("00 aB 9f"), words("zz 0 g")).map((pair) => pair.repeat(length).slice(0, 2 * length));

const seeds: Seeds = {
  ...{ exact: text, prefix: text, suffix: text, contains: text, one_of: text, element: text },
  ...{ path_exact: paths, path_prefix: paths, path_one_of: paths, host_exact: hosts, host_one_of: hosts },
  ...{ header: headerName, query: mostly(words("a é"), fc.constant("")) },
  ...{
    regex: expression,
    client_address: ranges,
    local_jwks: keySet,
    roles: mostly(words("r a"), fc.constant("")),
  },
  claim: mostly(words("sub /a/b /a / // /a/~1"), fc.constant("")),
  present: mostly(fc.constant(true), fc.constant(false)),
  ...{ name: mostly(words("a r_1 b"), words("A é ")), keyid: mostly(words("k l"), words('a" ')) },
  ...{ sha256: hex(32), salt: hex(8) },
  secret: mostly(words("MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="), words("AA== !")),
};
const schema = JSON.parse(
  readFileSync(new URL("../../../filters/header-authz/schema.json", import.meta.url), "utf8"),
) as Schema;
const properties = schema.properties ?? {};
/** Declared rules among credentials that are sound, and all that is declared. */
const declaredRules = fc
  .tuple(wideAuthz, declaredBy({ ...schema, properties: { rules: properties["rules"] ?? {} } }, seeds))
  .map(([wide, own]): unknown => ({ ...wide, ...(own as object) }));
const allowsAll = { allow: { path: { prefix: "/" } } };
const declared = fc
  .oneof({ weight: 3, arbitrary: declaredRules }, { weight: 2, arbitrary: declaredBy(schema, seeds) })
  .map((each) => {
    const { rules } = each as { rules?: unknown };
    return Array.isArray(rules) ? { ...(each as object), rules: [...(rules as unknown[]), allowsAll] } : each;
  });

const targetPiece = fc.constantFrom(
  ..."/ // a A .. . %2f %5C %00 %41 %25 %zz % é %c3%a9 %ff \\ ; ;x=1 * ?a=1 ?a=%41&a=+ &a &a+b=2 &%61=%zz =%e9 ?a=A,b # ? + ?a=1&a=1 ?a=-3&a=%2B7 ?a=% &a=12 ?%61=007 ?é=a ?%c3%A9 ?%C3%A9=".split(
    " ",
  ),
);
const target = fc
  .tuple(
    fc.constantFrom("/", "/", "/", "", "*", "http://h", "h-1.+://", "x y://h/", "://", "a", "\\"),
    fc.array(targetPiece, { maxLength: 5 }),
  )
  .map(([first, pieces]) => latin1(first + pieces.join("")));
const authority = fc.constantFrom(
  ..."localhost LOCALHOST example.com Example.com. a.b:80 a:123456 a:x a: [::1] [::1]:80 [FE80::1]x [ ] [] [g::1] [a.b] .a a..b a_b-1 a%b é . :80"
    .split(" ")
    .map(latin1),
  "",
);
const addresses =
  "10.0.0.1 1.2.3.4 1.2.3.256 1.2.3 01.2.3.4 1.2.3.4.5 :: ::1 1:: 1::2:3 1:2:3:4:5:6:7:8 1:2:3:4:5:6:7:8:9 1:2:3:4:5:6:7:: ::1:2:3:4:5:6:7:8 1::2::3 12345:: " +
  "::ffff:1.2.3.4 ::1.2.3.256 ::1.2.3.4:5 ::1.2.3.4x 1:2:3:4:5:6:7:1.2.3.4 2001:DB8::1 g:: 1: :1 1:2 fe80::1%eth0 x 1.2.3.04 1.2.3.";
const address = fc.constantFrom(...addresses.split(" "), "", "1".repeat(46));
const forwarded = fc.array(address, { minLength: 1, maxLength: 4 }).map((each) => each.join(", "));
const peerAddress = fc.oneof(
  fc
    .tuple(address, fc.constantFrom(":80", ":0", "", ":", ":123456", ":x", ":65535"))
    .map(([each, port]) => each + port),
  fc.tuple(address, fc.constantFrom("]:80", "]", ":1", "]:0")).map(([each, port]) => `[${each}${port}`),
);

const value = fc.constantFrom(
  ..."admin ADMIN a A ops-1 1 -3 +7 12 007 9007199254740993 é a,b a,,B xadminx ,".split(" ").map(latin1),
  ...["", " a , admin\t", "a b", " 5 ", "\xff"],
);
const line: fc.Arbitrary<Field> = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(fc.constantFrom("x-role", "x-team", "x-list"), value) },
  { weight: 3, arbitrary: anyToken.map((token): Field => ["authorization", `Bearer ${token}`]) },
  { weight: 1, arbitrary: forwarded.map((each): Field => ["x-forwarded-for", each]) },
  {
    weight: 2,
    arbitrary: credentialLine.map(([name, bytes]): Field => [name, latin1(bytes).replace(/[\0\r\n]/g, "")]),
  },
);
const lacking = <T>(one: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(one, { freq: 20 });
const requestFields: fc.Arbitrary<Field[]> = fc
  .tuple(
    lacking(fc.constantFrom("GET", "post", "X-ODD", "")),
    lacking(target),
    lacking(authority),
    fc.array(line, { maxLength: 5 }),
  )
  .map(([method, wanted, served, lines]) => {
    const pseudo = [
      [":method", method],
      [":path", wanted],
      [":authority", served],
    ] as const;
    return [...pseudo.flatMap(([name, each]) => (each === null ? [] : [[name, each] as const])), ...lines];
  });

const known = fc.record(
  {
    "source\0address": peerAddress,
    "connection\0mtls": fc.constantFrom("\x01", "\x00", ""),
    "connection\0uri_san_peer_certificate": fc.constantFrom("spiffe://a", "", "admin"),
    "connection\0dns_san_peer_certificate": fc.constantFrom("a.b", "", "admin"),
  },
  { requiredKeys: [] },
);
const foreign = fc.constantFrom<ForeignAnswer>(
  { status: 0, bytes: "\x08\x01" },
  { status: 0, bytes: "\x08\x01" },
  { status: 0, bytes: "\x08\x00\x12\x01x" },
  { status: 0, bytes: "\xff" },
  { status: 1, bytes: "" },
  { status: 2, bytes: "" },
);
const event: fc.Arbitrary<AuthzEvent> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .tuple(
        fc.constantFrom("200", "200", "200", "404", "0", "x", "504", "503"),
        keySet,
        fc.constantFrom(0, 0, 0, 65_537),
      )
      .map(([status, body, padding]): AuthzEvent => ({
        kind: "answer",
        headers: [[":status", status]],
        body: latin1(body) + " ".repeat(padding),
      })),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(
        fc.constantFrom("503", "504"),
        fc.constantFrom(
          "upstream request timeout",
          "no healthy upstream",
          "upstream connect error or disconnect",
          "",
        ),
      )
      .map(([status, body]): AuthzEvent => ({
        kind: "answer",
        headers: [
          [":status", status],
          ["content-length", String(body.length)],
          ["content-type", "text/plain"],
        ],
        body,
      })),
  },
  { weight: 1, arbitrary: fc.constant<AuthzEvent>({ kind: "answer", headers: [], body: "" }) },
  { weight: 2, arbitrary: fc.constantFrom(0, 1, 2).map((by): AuthzEvent => ({ kind: "tick", by })) },
);

const remote = fc.record(
  {
    cluster: fc.constantFrom("keys", "é"),
    path: fc.constantFrom("/", "/jwks"),
    authority: fc.constant("a"),
    refresh_ms: fc.constantFrom(1, 300_000),
    cool_down_ms: fc.constantFrom(1, 10_000),
    not_ready_status: fc.constantFrom(401, 403, 500, 503),
  },
  { requiredKeys: ["cluster", "path"] },
);
const remoteAuthz = fc
  .tuple(wideAuthz, remote, fc.constantFrom([], ["HS256"], ["HS256", "RS256", "ES256"]))
  .map(([wide, remote_jwks, algorithms]) => {
    return {
      ...wide,
      jwt: {
        ...wide.jwt,
        local_jwks: undefined,
        remote_jwks,
        ...(algorithms.length > 0 ? { algorithms } : {}),
      },
    };
  });

/** All that a request says is looked at, since little of it holds. */
const thorough = fc
  .tuple(
    fc.tuple(
      comparison.map((peer) => ({ peer })),
      soundRanges.map((client_address) => ({ client_address })),
      hostComparison.map((host) => ({ host })),
      fc.tuple(fc.constantFrom("a", "é"), comparison).map(([query, how]) => ({ query, ...how })),
      fc.constant({ authenticated: "jwt", name: { exact: "admin" } }),
      fc.tuple(fc.constantFrom("sub", "/a/b"), comparison).map(([claim, how]) => ({ claim, ...how })),
    ),
    fc.boolean(),
  )
  .chain(([conditions, isAny]) =>
    fc
      .shuffledSubarray(conditions, { minLength: 3 })
      .map((some) => (isAny ? { any: some } : { not: { all: some.map((not) => ({ not })) } })),
  )
  .map((allow) => [{ allow }]);
const algorithms = fc.constantFrom(["HS256"], ["RS256", "ES256", "HS256"]);
const expected = fc.record(
  {
    issuers: fc.constant(["i"]),
    audiences: fc.constantFrom(["i"], ["k", "i"]),
    require_expiration: fc.boolean(),
    clock_skew_seconds: fc.constantFrom(0, 60),
    from: fc.constantFrom(
      { header: "authorization" },
      { query: "a" },
      { header: "x-list", value_prefix: "" },
    ),
  },
  { requiredKeys: [] },
);
/** Configurations by which tokens are looked at, with whatever keys. */
const tokenAuthz = fc
  .tuple(
    fc.oneof(wideAuthz, remoteAuthz),
    thorough,
    fc.record({ algorithms }),
    expected,
    fc.option(
      keySet.map((local_jwks) => ({ local_jwks })),
      { freq: 2 },
    ),
  )
  .map(([each, rules, allowed, more, own]) => ({
    ...each,
    rules,
    jwt: { ...(own === null ? keysOf(each.jwt) : own), ...allowed, ...more },
  }));

/** Of the options of tokens those that say where the keys are. */
function keysOf(jwt: object): object {
  return Object.fromEntries(Object.entries(jwt).filter(([key]) => key.endsWith("_jwks")));
}

export const requestsPerSession = 8;

function sessionsOf(
  configuration: fc.Arbitrary<unknown>,
  mustBeAccepted: boolean,
): fc.Arbitrary<AuthzSession> {
  return fc.record({
    configuration,
    mustBeAccepted: fc.constant(mustBeAccepted),
    properties: known,
    foreign,
    requests: fc.array(requestFields, { minLength: requestsPerSession, maxLength: requestsPerSession }),
    events: fc.array(event, { maxLength: 5 }),
  });
}

/** Configurations as the filter's schema declares them, which may be refused for what no schema says. */
export const declaredSession: fc.Arbitrary<AuthzSession> = sessionsOf(declared, false);

/** Tokens and addresses in most requests, and keys that may be none. */
export const tokenSession: fc.Arbitrary<AuthzSession> = sessionsOf(tokenAuthz, false);

/** Configurations that must be accepted, with keys of their own or a service's. */
export const soundAuthzSession: fc.Arbitrary<AuthzSession> = sessionsOf(
  fc.oneof(wideAuthz, remoteAuthz),
  true,
);
