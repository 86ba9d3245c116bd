import type { HeaderValue } from "proxy-wasm-harness";
import { expect, filterTest } from "proxy-wasm-harness/vitest";
import { type Asked, type RateLimit, ruled } from "./scenarios.ts";

type Pair = readonly [name: string, value: HeaderValue];

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
const key = (...values: HeaderValue[]): Asked => ({ headers: values.map((value): Pair => ["x-key", value]) });
const many = (count: number): Asked => ({
  headers: [["x-key", "a"], ...Array.from({ length: count }, (_, i): Pair => [`x-${i}`, "x".repeat(200)])],
});
const forged = (...values: string[]): Asked => ({
  headers: values.map((value): Pair => ["x-forwarded-for", value]),
});
const paths = (...all: string[]): Asked[] => all.map((path) => ({ path }));

/**
 * Headers that occur more than once, or hold several values, are what CVE-2026-26308 and the record of CVE-2026-31838 are
 * about; paths in several spellings CVE-2021-29492. What uses a limit up, and what a client may try then: nothing of it gets through.
 */
interface Attempt {
  readonly title: string;
  readonly configuration: RateLimit;
  readonly first: readonly Asked[];
  readonly then: readonly Asked[];
}

// A table: one line a case.
// prettier-ignore
const attempts: Attempt[] = [
  {
    title: "a header's value in other clothes",
    configuration: ruled({ key: [{ header: "x-key" }] }),
    first: [key("a"), {}],
    then: [key("a"), { headers: [["X-KEY", "a"]] }, key("a", "b"), key("b", "a"), key("a", "a"), key("a", ""), many(50), key(" a "), key("a", bytes(0xff))],
  },
  {
    title: "a value that joins what stood in two headers",
    configuration: ruled({ key: [{ header: "x-key" }] }, { repeated: "every" }),
    first: [key("a", "b"), key("a,b")],
    then: [key("a", "b"), key("a,b")],
  },
  {
    title: "a path that servers read as the same",
    configuration: ruled({ key: [{ path: true }], when: { path: { prefix: "/admin" } } }, { case_sensitive: false }),
    first: paths("/admin", "/x/..%2fadmin"),
    then: paths("/admin", "//admin", "/./admin", "/x/../admin", "/%61dmin", "/ADMIN", "/admin/../admin", "/a/..\\admin", "/x/..%2fadmin", "/admin%2f", "/admin;x", "/%2561dmin/%2f", "/%zz", "/%00", "/admin?x", "/admin?/../x"),
  },
  {
    title: "an address that the client makes up",
    configuration: ruled({ key: [{ client_address: {} }] }),
    first: [forged("10.0.0.1"), {}],
    then: [forged("10.0.0.2"), forged("10.0.0.1", "10.0.0.3"), forged("::1"), forged("unknown"), forged(""), forged(`${"1.1.1.1, ".repeat(500)}1.1.1.1`), { headers: [["x-real-ip", "1.1.1.1"], ["forwarded", "for=1.1.1.1"], ["x-envoy-external-address", "1.1.1.1"]] }],
  },
  {
    title: "an address before that of the trusted hop",
    configuration: ruled({ key: [{ client_address: {} }] }, { trusted_hops: 1 }),
    first: [forged("10.0.0.1"), {}],
    then: [forged("1.1.1.1, 10.0.0.1"), forged("1.1.1.1", "10.0.0.1"), forged("1.1.1.1,,,10.0.0.1"), forged("10.0.0.1,"), forged("10.0.0.1:1"), forged("010.0.0.1"), forged("::ffff:10.0.0.1"), forged("[::1]")],
  },
  {
    title: "a host in other clothes",
    configuration: ruled({ key: [{ host: true }] }),
    first: [{ authority: "a.test" }],
    then: [{ authority: "A.TEST" }, { authority: "a.test." }, { authority: "a.test:8080" }, { authority: "a.test", headers: [["x-forwarded-host", "b"]] }],
  },
  {
    title: "a token that is none",
    configuration: ruled({ key: [{ unverified_jwt_claim: { claim: "sub" } }] }),
    first: [{}],
    then: ["Bearer x", "Bearer ..", "Bearer e30.e30.", `Bearer ${"a".repeat(20_000)}`, "Basic YTpi"].map((value) => ({ headers: [["authorization", value]] as const })),
  },
];

for (const { title, configuration, first, then } of attempts) {
  const test = filterTest("rate-limit", configuration, { logLevel: "warn" });

  test(`${title} has no limit of its own`, async ({ proxy, upstream }) => {
    for (const { headers = [], ...asked } of first) await proxy.request({ ...asked, headers });
    const before = upstream.requests.length;
    const passed: Asked[] = [];
    for (const { headers = [], ...asked } of then)
      if ((await proxy.request({ ...asked, headers })).status === 200) passed.push({ ...asked, headers });
    await proxy.settled();

    expect(passed).toEqual([]);
    expect(upstream.requests).toHaveLength(before);
    expect(proxy.logs).toEqual([]);
  });
}
