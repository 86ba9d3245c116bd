import { expect, filterTest } from "proxy-wasm-harness/vitest";
import { guest } from "../guests/guest.ts";

filterTest(guest("reads-when-done"))(
  "when a stream is over whose response the filter has replaced, there are no headers of either",
  async ({ proxy, upstream }) => {
    upstream.respond({ headers: { "x-a": "b".repeat(1_000) }, body: "one" });
    for (let i = 0; i < 50; i++) expect(await proxy.get("/")).toHaveStatus(502);
    await proxy.settled();

    const refused = "proxy_replace_header_map_value was refused by the host with status BadArgument (2)";
    expect(new Set(proxy.logs.map(({ message }) => message))).toEqual(new Set([refused, "done: 0"]));
  },
);
