import { expect, filterTest } from "proxy-wasm-harness/vitest";
import { guest } from "../guests/guest.ts";

const counter = "echo_headers.formatted_debug_messages";
const atDebug = filterTest(guest("echo-headers"), { log: true }, { logLevel: "debug" });
const atInfo = filterTest(guest("echo-headers"), { log: true }, { logLevel: "info" });
const atWarn = filterTest(guest("echo-headers"), { log: true }, { logLevel: "warn" });

atDebug("a line at its level is logged, with its source", async ({ proxy }) => {
  await proxy.get("/");
  await proxy.settled();

  expect(proxy.logs).toContainEqual({
    level: "debug",
    message: "a debug message",
    source: "echo-headers echo-headers",
  });
  expect(proxy.stats).toHaveCounter(counter, 1);
});

atInfo("a line below the level is neither logged nor formatted", async ({ proxy }) => {
  await proxy.get("/");
  await proxy.settled();

  expect(proxy.logs).toHaveLogged("info", ":path=/");
  expect(proxy.logs).not.toHaveLogged("debug", "a debug message");
  expect(proxy.stats).toHaveCounter(counter, 0);
});

atWarn("nothing is logged when all is below the level", async ({ proxy }) => {
  await proxy.get("/");
  await proxy.settled();

  expect(proxy.logs).toEqual([]);
});
