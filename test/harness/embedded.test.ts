import { startProxy, type ProxyOptions, type StartedProxy } from "proxy-wasm-harness";
import { describe, expect, test } from "vitest";
import { guest } from "../guests/guest.ts";

function embedded(name: string, options: Partial<ProxyOptions> = {}): Promise<StartedProxy> {
  return startProxy({ chain: [{ filter: guest(name), rootId: "root" }], ...options });
}

test("a host call that the backend does not have fails the request by its name", async () => {
  await using proxy = await embedded("raw/resolves-names");

  await expect(proxy.get("/")).rejects.toMatchObject({
    code: "unimplemented",
    message: expect.stringMatching(
      /plugin "resolves-names" called envoy_resolve_dns in proxy_on_request_headers/,
    ),
  });
});

test("one that is called when the stream is over fails its request, and the proxy goes on", async () => {
  await using proxy = await embedded("raw/evaluates-in-log");

  const refusal = { code: "unimplemented", message: expect.stringMatching(/expr_evaluate in proxy_on_log/) };
  await expect(proxy.get("/")).rejects.toMatchObject(refusal);

  await proxy.settled();
  expect(proxy.accessLog).toMatchObject([{ status: 200 }]);
});

test("a request that is paused with nothing left to resume it is refused at once, with who holds it", async () => {
  await using proxy = await embedded("raw/pauses");

  await expect(proxy.get("/held")).rejects.toMatchObject({
    code: "stream_stuck",
    message: expect.stringMatching(/GET \/held is held in the request by plugin "pauses"/),
  });
});

test("a call that Envoy forbids while a module is initialised is a trap", async () => {
  await expect(embedded("raw/asks-early")).rejects.toMatchObject({
    code: "configuration_refused",
    message: expect.stringMatching(/restricted_callback: env\.proxy_get_current_time_nanoseconds/),
  });
});

test("an imported memory is refused with a way out", async () => {
  await expect(embedded("raw/imports-memory")).rejects.toMatchObject({
    code: "unsupported",
    message: expect.stringMatching(/the memory env\.memory/),
  });
});

describe("a module that another SDK made", () => {
  const keys = ["first-key", "second-key"];
  const rust = new URL("../../bench/peers/rust/t1-rust.wasm", import.meta.url).pathname;
  const start = (): Promise<StartedProxy> =>
    startProxy({ chain: [{ filter: rust, configuration: keys.join("\n") }] });

  test("lets its own kind of key pass", async () => {
    await using proxy = await start();

    const response = await proxy.get("/", { headers: { "x-api-key": "second-key" } });

    expect(response.status).toBe(200);
    expect(response.headers.get("x-authz-by")).toBe("wasm");
  });

  test("has the names of its functions in a trap, through all of a panic to the callback", async () => {
    await using proxy = await start();
    proxy.faults.hostCall("proxy_get_header_map_value", { status: "BadArgument" });

    const message = await proxy.get("/").then(
      () => "",
      (error: unknown) => String(error),
    );

    expect(message).toMatch(
      /plugin "t1-rust" trapped in proxy_on_request_headers: unreachable\n {4}abort \(0x/,
    );
    expect(message).toMatch(/\n {4}\S*proxy_wasm\S*get_map_value\S* \(0x[0-9a-f]+\)\n/);
    expect(message).toMatch(/on_http_request_headers\S* \(0x[0-9a-f]+\)\n {4}proxy_on_request_headers \(0x/);
  });

  test("refuses an unknown key with its own words", async () => {
    await using proxy = await start();

    const response = await proxy.get("/", { headers: { "x-api-key": "third-key" } });

    expect([response.status, response.text()]).toEqual([401, "unauthorized\n"]);
  });
});
