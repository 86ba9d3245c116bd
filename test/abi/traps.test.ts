import { expect, filterTest, type FilterTest } from "proxy-wasm-harness/vitest";
import { guest } from "../guests/guest.ts";

const trapping = (callback: string): FilterTest =>
  filterTest(guest("traps"), { in: callback, how: "unreachable" }, { allowTraps: true });

for (const callback of ["request_headers", "request_body", "response_headers"]) {
  trapping(callback)(`a trap in ${callback} is answered, and passes its own filter`, async ({ proxy }) => {
    expect(await proxy.post("/", "abc")).toHaveStatus(503);
    expect(await proxy.get("/")).toHaveStatus(503); // its VM is gone
    await proxy.settled();

    expect(proxy.accessLog[0]).toMatchObject({ status: 503, details: "wasm_fail_stream" });
    expect(proxy.transcript).toHaveCalled(`proxy_on_${callback}` as "proxy_on_request_body", {
      trap: expect.stringMatching("unreachable"),
    });
  });
}
