import { fileURLToPath } from "node:url";
import { expect, filterTest } from "proxy-wasm-harness/vitest";
import { startProxy } from "proxy-wasm-harness";
import { inProject, test } from "../project.ts";
import { playing, step } from "./playing.ts";

const rust = fileURLToPath(new URL("../../bench/peers/rust/t1-rust.wasm", import.meta.url));
const abi = [
  ...["proxy_on_context_create", "proxy_on_vm_start", "proxy_on_configure", "proxy_on_request_headers"],
  ...["proxy_get_buffer_bytes", "proxy_get_header_map_value", "proxy_log", "proxy_send_local_response"],
];

test("18: a Rust filter that may not call WASI does not start", async ({ envoys }) => {
  const chain = [{ filter: rust, configuration: "key", allowedCapabilities: abi }];

  const refused = startProxy({ ...inProject(envoys), chain });

  await expect(refused).rejects.toMatchObject({
    code: "configuration_refused",
    message: expect.stringContaining("trapped in proxy_on_context_create") as unknown,
  });
});

test.for([
  [
    "proxy_get_headr_map_value",
    /no callback "proxy_get_headr_map_value": did you mean "proxy_get_header_map_value"\?/,
  ],
  ["fd_wirte", /"fd_wirte": did you mean "fd_write"\?/],
  ["everything", /"everything": names are those of the ABI, as proxy_log, /],
] as const)("18: %s, which no ABI has, is refused as a capability", async ([name, message], { envoys }) => {
  const chain = [{ filter: rust, configuration: "key", allowedCapabilities: [...abi, name] }];

  await expect(startProxy({ ...inProject(envoys), chain })).rejects.toMatchObject({
    code: "invalid_input",
    message: expect.stringMatching(message) as unknown,
  });
});

const unasked = filterTest(rust, "key", {
  allowedCapabilities: abi.filter((name) => name !== "proxy_on_vm_start" && name !== "proxy_on_configure"),
  allowTraps: true,
});

unasked(
  "18: one that is not asked whether it has started does, and fails every request",
  async ({ proxy }) => {
    expect(await proxy.get("/", { headers: { "x-api-key": "key" } })).toHaveStatus(503);
    expect(await proxy.get("/", { headers: { "x-api-key": "key" } })).toHaveStatus(503);
  },
);

const withWasi = filterTest(rust, "key", {
  allowedCapabilities: [...abi, "random_get", "fd_write", "environ_get", "environ_sizes_get"],
});

withWasi("18: with WASI it does as ever, but for what it may not do", async ({ proxy, upstream }) => {
  const response = await proxy.get("/", { headers: { "x-api-key": "other" } });

  expect(response).toHaveStatus(401);
  expect(upstream.requests).toEqual([]);
});

const reading = step("proxy_get_header_map_value", 0, ":path");
const adding = step("proxy_add_header_map_value", 0, "x-a", "1");
const random = step("random_get", 4096, 8);
const restricted = playing(
  {
    proxy_on_request_headers: { steps: [reading, adding, random] },
    proxy_on_response_headers: { steps: [reading] },
  },
  { allowedCapabilities: [...abi, "proxy_on_log"] },
);

restricted.test(
  "18: what is not allowed is refused, and what is not allowed is not called",
  async ({ proxy, upstream }) => {
    expect(await proxy.get("/")).toHaveStatus(200);

    expect(await restricted.said(proxy)).toEqual([
      expect.stringMatching(/ → Ok "\/"$/),
      expect.stringMatching(/ → InternalFailure$/),
      expect.stringMatching(/ → errno 76/),
    ]);
    expect(upstream.requests[0]?.headers.has("x-a")).toBe(false);
  },
);
