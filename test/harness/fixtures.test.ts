import { findEnvoy } from "proxy-wasm-harness";
import { describe, expect, test } from "vitest";
import { runSpec } from "./run-spec.ts";

describe.for(["embedded", "envoy"])("in the %s backend", (backend) => {
  test("a trap fails the test with plugin, callback and line, before any assertion", async ({ skip }) => {
    skip(backend === "envoy" && (await cannotRunEnvoy()), "no Envoy on this machine");

    const { status, messages } = await runSpec("traps-in-a-callback", backend);

    expect(status).toBe("failed");
    expect(messages).toMatch(
      /plugin "traps" trapped in proxy_on_request_headers at \S*test\/guests\/traps\/index\.ts:45:10: unreachable/,
    );
  });

  test("an abort fails the test with the line that asked for the impossible", async ({ skip }) => {
    skip(backend === "envoy" && (await cannotRunEnvoy()), "no Envoy on this machine");

    const { status, messages } = await runSpec("aborts-in-a-callback", backend);

    expect(status).toBe("failed");
    expect(messages).toMatch(/trapped in proxy_on_response_headers at \S*test\/guests\/traps\/index\.ts:\d+/);
  });

  test("a trap that came after the last assertion fails the test all the same", async ({ skip }) => {
    skip(backend === "envoy" && (await cannotRunEnvoy()), "no Envoy on this machine");

    const { status, messages } = await runSpec("traps-after-the-last-assertion", backend);

    expect(status).toBe("failed");
    expect(messages).toMatch(/plugin "traps" trapped in proxy_on_log at \S*test\/guests\/traps\/index\.ts/);
  });

  test("a refused configuration fails the test with the key that is wrong", async ({ skip }) => {
    skip(backend === "envoy" && (await cannotRunEnvoy()), "no Envoy on this machine");

    const { status, messages } = await runSpec("gives-a-bad-configuration", backend);

    expect(status).toBe("failed");
    expect(messages).toMatch(/plugin "header-authz" refused.*rulez \(line 2\)/);
  });
});

test("a counter cannot be read before the streams are settled", async () => {
  const { status, messages } = await runSpec("reads-before-it-is-settled", "embedded");

  expect(status).toBe("failed");
  expect(messages).toMatch(/proxy\.stats was read after a request and before `await proxy\.settled\(\)`/);
});

test("a counter that does not exist fails, with the one that was probably meant", async () => {
  const { status, messages } = await runSpec("misnames-a-counter", "embedded");

  expect(status).toBe("failed");
  expect(messages).toMatch(/there is no such counter: did you mean header_authz\.denied\?/);
});

test("a test that needs more than the backend has is skipped", async () => {
  const { status } = await runSpec("needs-what-the-backend-lacks", "embedded");

  expect(status).toBe("skipped");
});

describe("without an Envoy", () => {
  const nowhere = { ENVOY_PATH: "", PATH: "/nowhere", XDG_CACHE_HOME: "/nowhere", HOME: "/nowhere" };

  test("the tests in a real Envoy are skipped", async () => {
    expect((await runSpec("traps-in-a-callback", "envoy", { ...nowhere, CI: "" })).status).toBe("skipped");
  });

  test("they fail with CI=true, and with the way out", async () => {
    const { status, messages } = await runSpec("traps-in-a-callback", "envoy", { ...nowhere, CI: "true" });

    expect(status).toBe("failed");
    expect(messages).toMatch(/no Envoy was found.*npx proxy-wasm fetch-envoy/s);
  });
});

/** With CI=true a missing Envoy is a failure of these tests too. */
async function cannotRunEnvoy(): Promise<boolean> {
  return process.env["CI"] !== "true" && (await findEnvoy()) === null;
}
