import { startProxy, type BackendName } from "proxy-wasm-harness";
import { expect, filterTest } from "proxy-wasm-harness/vitest";
import { describe, inject, test as plainTest } from "vitest";
import { scenarios } from "./header-authz.scenarios.ts";

for (const { title, configuration, headers, verdict } of scenarios) {
  const test = filterTest("header-authz", configuration);
  const isAllowed = verdict === "allowed";

  test(title, async ({ proxy, upstream }) => {
    upstream.respond({ headers: { "x-from": "upstream" }, body: "for those who may" });

    const response = await proxy.get("/", { headers });
    await proxy.settled();

    expect(response).toHaveStatus(isAllowed ? 200 : verdict === "missing_header" ? 401 : 403);
    expect(response.text()).toBe(isAllowed ? "for those who may" : "");
    expect(response.headers.get("x-from")).toBe(isAllowed ? "upstream" : null);
    expect(upstream.requests).toHaveLength(isAllowed ? 1 : 0);
    expect(proxy.accessLog.map(({ details }) => details)).toEqual([
      isAllowed ? "via_upstream" : `header_authz_${verdict}`,
    ]);
    expect(proxy.stats).toHaveCounter("header_authz.allowed", isAllowed ? 1 : 0);
    expect(proxy.stats).toHaveCounter("header_authz.denied", isAllowed ? 0 : 1);
  });
}

describe("what is allowed", () => {
  const test = filterTest("header-authz", { rules: [{ allow: { header: "x-role", exact: "admin" } }] });

  test("reaches the upstream unchanged, body and trailers too", async ({ proxy, upstream }) => {
    const value = Uint8Array.of(0x61, 0xff, 0x62);

    await proxy.post("/a?b=c", ["one ", "two"], {
      headers: [
        ["x-role", "admin"],
        ["x-bytes", value],
        ["x-twice", "1"],
        ["x-twice", "2"],
      ],
      trailers: { "x-sum": "7" },
    });

    const [request] = upstream.requests;
    expect(request).toMatchObject({ method: "POST", path: "/a?b=c", authority: "localhost" });
    expect(new TextDecoder().decode(request?.body)).toBe("one two");
    expect(request?.headers.bytes("x-bytes")).toEqual(value);
    expect(request?.headers.all("x-twice")).toEqual(["1", "2"]);
    expect(request?.trailers.get("x-sum")).toBe("7");
  });

  test("is decided request by request", async ({ proxy, upstream }) => {
    const statuses: number[] = [];
    for (const role of ["admin", "user", "admin"]) {
      statuses.push((await proxy.get("/", { headers: { "x-role": role } })).status);
    }
    await proxy.settled();

    expect(statuses).toEqual([200, 403, 200]);
    expect(upstream.requests).toHaveLength(2);
    expect(proxy.stats).toHaveCounter("header_authz.allowed", 2);
    expect(proxy.stats).toHaveCounter("header_authz.denied", 1);
  });

  test("is decided the same for requests that run side by side", async ({ proxy }) => {
    const roles = Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? "admin" : "user"));
    const responses = await Promise.all(roles.map((role) => proxy.get("/", { headers: { "x-role": role } })));
    await proxy.settled();

    expect(responses.map(({ status }) => status)).toEqual(
      roles.map((role) => (role === "admin" ? 200 : 403)),
    );
    expect(proxy.stats).toHaveCounter("header_authz.allowed", 20);
    expect(proxy.stats).toHaveCounter("header_authz.denied", 20);
  });
});

/** A configuration that is wrong, and the words that must name its key. */
describe("refused to start", () => {
  const allow = '{ "header": "x-role", "exact": "admin" }';
  // A table: one line a case.
  // prettier-ignore
  const wrong: Array<[what: string, configuration: string, message: RegExp]> = [
    ["nothing at all", "", /header-authz: configuration refused/],
    ["no JSON", '{ "rules": [', /line 1/],
    ["no object", "[]", /must be an object/],
    ["no rules", "{}", /rules .*is missing/],
    ["rules that are no list", '{ "rules": {} }', /rules \(line 1\): must be an array/],
    ["no rule", '{ "rules": [] }', /rules \(line 1\): must hold an allow rule/],
    ["only deny rules", `{ "rules": [{ "deny": ${allow} }] }`, /rules \(line 1\): must hold an allow rule/],
    ["a mistyped key", `{ "rules": [{ "allow": ${allow} }],\n "repeatd": "first" }`, /repeatd \(line 2\).*repeated/],
    ["a mistyped key of a matcher", '{ "rules": [{ "allow": { "header": "x", "exakt": "y" } }] }', /rules\[0\]\.allow/],
    ["neither allow nor deny", '{ "rules": [{ }] }', /rules\[0\] .*either allow or deny/],
    ["both allow and deny", `{ "rules": [{ "allow": ${allow}, "deny": ${allow} }] }`, /rules\[0\] .*either allow or deny/],
    ["a header that is no name", '{ "rules": [{ "allow": { "header": "x role", "exact": "y" } }] }', /rules\[0\]\.allow\.header .*name of a header/],
    ["no header", '{ "rules": [{ "allow": { "exact": "y" } }] }', /rules\[0\]\.allow\.header .*is missing/],
    ["two comparisons", '{ "rules": [{ "allow": { "header": "x", "exact": "y", "prefix": "z" } }] }', /rules\[0\]\.allow .*one of exact, prefix and present/],
    ["a number for text", '{ "rules": [{ "allow": { "header": "x", "exact": 1 } }] }', /rules\[0\]\.allow\.exact .*must be a string/],
    ["an unknown policy", `{ "rules": [{ "allow": ${allow} }], "repeated": "last" }`, /repeated \(line 1\).*refuse, first, every/],
  ];

  plainTest.for(wrong)("%s", async ([, configuration, message]) => {
    const backend = inject("proxyWasmBackend") as BackendName;

    await expect(
      startProxy({ backend, chain: [{ filter: "header-authz", configuration }] }),
    ).rejects.toMatchObject({
      code: "configuration_refused",
      message: expect.stringMatching(message),
    });
  });
});
