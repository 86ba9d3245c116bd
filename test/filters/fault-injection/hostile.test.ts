import type { HeaderValue } from "proxy-wasm-harness";
import { expect, filterTest } from "proxy-wasm-harness/vitest";
import { ruled } from "./scenarios.ts";

const delay = "x-envoy-fault-delay-request";
const abort = "x-envoy-fault-abort-request";
const latin1 = (text: string): Uint8Array => Buffer.from(text, "latin1");
const times = (count: number, name: string, value: HeaderValue): Array<[string, HeaderValue]> =>
  Array.from({ length: count }, () => [name, value]);

/** What a client sends that wants faults it may not have, or wants none; a rule hits those with `x-role: guest`. */
// A table: one line a case.
// prettier-ignore
const cases: Array<[what: string, headers: Array<[name: string, value: HeaderValue]>, status: number, ignored: number]> = [
  ["nothing", [], 200, 0],
  ["ninety delays", times(90, delay, "5"), 200, 1],
  ["a delay in a list", [[delay, "5,6"]], 200, 1],
  ["a delay of 40,000 digits", [[delay, "1".repeat(40_000)]], 200, 1],
  ["a delay that wraps to 5 in 64 bits", [[delay, "18446744073709551621"]], 200, 1],
  ["a delay that wraps to 5 in 32 bits", [[delay, "4294967301"]], 200, 0],
  ["a delay in digits of another script", [[delay, "\u0665"]], 200, 1],
  ["a delay in hexadecimal digits", [[delay, "0x5"]], 200, 1],
  ["a delay with a sign", [[delay, "+5"]], 200, 1],
  ["a delay with an exponent", [[delay, "5e0"]], 200, 1],
  ["a delay and invalid UTF-8", [[delay, latin1("5\xc1\x80")]], 200, 1],
  ["a status in a list", [[abort, "418,503"]], 200, 1],
  ["a status and then another", [[abort, "418"], [abort, "503"]], 200, 1],
  ["a status that wraps to 418", [[abort, "65954"]], 200, 1],
  ["a name in capitals", [["X-Envoy-Fault-Abort-Request", "418"]], 418, 0],
  ["a name with an underscore", [["x_envoy_fault_abort_request", "418"]], 200, 0],
  ["the role that is hit", [["x-role", "guest"]], 503, 0],
  ["the role that is hit, in another case", [["x-role", "Guest"]], 200, 0],
  ["the role that is hit, with a stray byte", [["x-role", latin1("guest\xff")]], 200, 0],
  ["two roles", [["x-role", "user"], ["x-role", "guest"]], 200, 0],
  ["two roles in one line", [["x-role", "user,guest"]], 200, 0],
  ["an empty role", [["x-role", ""]], 200, 0],
  ["an address of its own choice", [["x-forwarded-for", "10.0.0.1"], ["forwarded", "for=10.0.0.1"]], 200, 0],
];

const test = filterTest("fault-injection", {
  rules: [
    ...(ruled({ when: { header: "x-role", exact: "guest" } }).rules ?? []),
    { name: "inside", when: { client_address: ["10.0.0.0/8"] }, abort: { http_status: 500 } },
  ],
  header_control: { delay: { max_ms: 5 }, abort: {} },
});

for (const [what, headers, status, ignored] of cases) {
  test(`a client sends ${what}`, async ({ proxy, upstream }) => {
    expect(await proxy.get("/", { headers })).toHaveStatus(status);
    await proxy.settled();

    expect(upstream.requests).toHaveLength(status === 200 ? 1 : 0);
    expect(proxy.stats).toHaveCounter("fault_injection.header_values_ignored", ignored);
    expect(proxy.logs).toEqual([]);
  });
}

const paths = filterTest("fault-injection", ruled({ when: { path: { prefix: "/admin/" } } }));

for (const path of ["/admin/", "//admin/", "/./admin/x", "/x/../admin/x", "/%61dmin/", "/x/..\\admin/"]) {
  paths(`${path} is no way around a rule`, async ({ proxy }) => {
    expect(await proxy.get(path)).toHaveStatus(503);
  });
}
