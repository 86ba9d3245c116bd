import { startProxy } from "proxy-wasm-harness";
import { expect, test } from "vitest";

test("smoke", async () => {
  await using proxy = await startProxy({ logLevel: "info", chain: [{ filter: "rate-limit", configuration: { rate_limit_headers: "always", x_rate_limit_headers: "always", rules: [{ name: "a", key: [{ header: "x-k" }], limit: { requests: 3, per: "minute" } }] } }] });
  proxy.clock.freeze();
  for (let i = 0; i < 5; i++) { const r = await proxy.get("/", { headers: { "x-k": "1" } }); console.log(r.status, [...r.headers].map(([n,v])=>`${n}: ${v}`).join("; ")); }
  await proxy.settled();
  console.log(proxy.logs, proxy.accessLog.map(({details})=>details));
});
