import type { StartedProxy } from "proxy-wasm-harness";
import { chainTest, expect } from "proxy-wasm-harness/vitest";
import { one, ruled } from "./scenarios.ts";

const configuration = ruled({});
const limiting = { filter: "rate-limit", configuration } as const;
const refusing = async (proxy: StartedProxy): Promise<string[]> => {
  await proxy.get("/");
  await proxy.get("/");
  await proxy.settled();
  return proxy.accessLog.map(({ status }) => String(status));
};

const named = chainTest([
  { ...limiting, name: "first" },
  { ...limiting, name: "second" },
]);

named("two plugins of one configuration and no vm_id share nothing", async ({ proxy }) => {
  // Shared, the second one would refuse the first request.
  expect(await refusing(proxy)).toEqual(["200", "429"]);
});

const more = { rules: [{ name: "r", key: [{ constant: "all" }], limit: { ...one, requests: 2 } }] };
const rooted = chainTest([
  { filter: "rate-limit", configuration: more, name: "same", rootId: "a" },
  { filter: "rate-limit", configuration, name: "same", rootId: "b" },
]);

rooted("two root_ids of one plugin's name share nothing", async ({ proxy }) => {
  expect(await refusing(proxy)).toEqual(["200", "429"]);
});
