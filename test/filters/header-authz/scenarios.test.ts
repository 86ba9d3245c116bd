import { expect, filterTest } from "proxy-wasm-harness/vitest";
import { describe } from "vitest";
import { conditions } from "./conditions.ts";
import { groups, type Scenario } from "./scenarios.ts";

describe.each(Object.entries({ ...groups, ...conditions }))("%s", (_, scenarios) => {
  for (const scenario of scenarios) testScenario(scenario);
});

function testScenario({ title, configuration, request, headers = [], verdict }: Scenario): void {
  const test = filterTest("header-authz", configuration);
  const isAllowed = verdict === "allowed";

  test(title, async ({ proxy, upstream }) => {
    upstream.respond({ headers: { "x-from": "upstream" }, body: "for those who may" });

    const response = await proxy.request({ path: "/", ...request, headers });
    await proxy.settled();

    expect(response).toHaveStatus(isAllowed ? 200 : verdict === "missing_header" ? 401 : 403);
    expect(response.headers.get("www-authenticate")).toBe(
      verdict === "missing_header" ? 'Header realm="header-authz"' : null,
    );
    expect(response.text()).toBe(isAllowed ? "for those who may" : "");
    expect(response.headers.get("x-from")).toBe(isAllowed ? "upstream" : null);
    expect(upstream.requests).toHaveLength(isAllowed ? 1 : 0);
    expect(proxy.accessLog.map(({ details }) => details)).toEqual([
      isAllowed ? "via_upstream" : `header_authz_${verdict}`,
    ]);
    expect(proxy.stats).toHaveCounter("header_authz.allowed", isAllowed ? 1 : 0);
    expect(proxy.stats).toHaveCounter("header_authz.denied", isAllowed ? 0 : 1);
    expect(proxy.stats).toHaveCounter(`header_authz.${verdict}`, 1);
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
