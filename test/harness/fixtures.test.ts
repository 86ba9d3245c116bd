import { describe, expect, test } from "vitest";
import { lineOf } from "../guests/line-of.ts";
import { requiresEnvoy } from "./requires-envoy.ts";
import { runSpec, runSpecs, type SpecResult } from "./run-spec.ts";

const inBoth = [
  ...["traps-in-a-callback", "aborts-in-a-callback", "traps-after-the-last-assertion"],
  ...["swallows-a-trap", "gives-a-bad-configuration"],
];
const inEmbedded = [
  ...["reads-before-it-is-settled", "misnames-a-counter"],
  ...["needs-what-the-backend-lacks", "needs-an-envoy-to-come", "loops-in-a-callback"],
];
const running = new Map<string, ReturnType<typeof runSpecs>>();

/** The result of a spec's test; all of a backend run together, when the first is asked for, which waits for all of them. */
async function resultOf(name: string, backend: string, number = 0): Promise<SpecResult> {
  const names = [...inBoth, ...(backend === "embedded" ? inEmbedded : ["runs-on-four-workers"])];
  const results = running.get(backend) ?? runSpecs(names, backend);
  running.set(backend, results);
  return (await results)(name, number);
}

describe.for(["embedded", "envoy"])("in the %s backend", (backend) => {
  test("a trap fails the test with plugin, callback and line, before any assertion", async ({ skip }) => {
    await requiresEnvoyFor(backend, skip);

    const { status, messages } = await resultOf("traps-in-a-callback", backend);

    expect(status).toBe("failed");
    const line = await placeOf("unreachable();");
    expect(messages).toMatch(
      new RegExp(`plugin "traps" trapped in proxy_on_request_headers at \\S*${line}:\\d+: unreachable`),
    );
  });

  test("an abort fails the test with the line that asked for the impossible", async ({ skip }) => {
    await requiresEnvoyFor(backend, skip);

    const { status, messages } = await resultOf("aborts-in-a-callback", backend);

    expect(status).toBe("failed");
    const line = await placeOf("numbers[numbers.length]");
    expect(messages).toMatch(
      new RegExp(`trapped in proxy_on_response_headers at \\S*${line}:.*unreachable \\(.*Index out of range`),
    );
    expect(messages).toMatch(
      /\n +Traps#trapIn \(~lib\/array\.ts:\d+:\d+ \(nearest line\), after \S+traps\/index\.ts:\d+:\d+\)\n/,
    );
  });

  test("a trap that came after the last assertion fails the test all the same", async ({ skip }) => {
    await requiresEnvoyFor(backend, skip);

    const { status, messages } = await resultOf("traps-after-the-last-assertion", backend);

    expect(status).toBe("failed");
    expect(messages).toMatch(/plugin "traps" trapped in proxy_on_log at \S*guests\/traps\/index\.ts/);
  });

  test("a trap that the test swallowed fails it all the same", async ({ skip }) => {
    await requiresEnvoyFor(backend, skip);

    const { status, messages } = await resultOf("swallows-a-trap", backend);

    expect(status).toBe("failed");
    expect(messages).toMatch(/plugin "traps" trapped in proxy_on_request_headers/);
  });

  test("a refused configuration fails the test with the key that is wrong", async ({ skip }) => {
    await requiresEnvoyFor(backend, skip);

    const { status, messages } = await resultOf("gives-a-bad-configuration", backend);

    expect(status).toBe("failed");
    expect(messages).toMatch(/plugin "header-authz" refused.*rulez \(line 2\)/);
  });
});

test("a loop without an end fails its test with plugin, callback, line and backtrace", async () => {
  const { status, messages } = await resultOf("loops-in-a-callback", "embedded");

  expect(status).toBe("failed");
  const line = await placeOf("while (true) turns++", "never-ends");
  expect(messages).toMatch(
    new RegExp(
      `plugin "never-ends" trapped in proxy_on_request_headers at \\S*${line}:\\d+: endless loop: ` +
        `proxy_on_request_headers ran for 2 s\\n +\\S+ \\(\\S*${line}:\\d+\\)\\n +proxy_on_request_headers \\(\\S*index\\.ts:\\d+`,
    ),
  );
});

test("the test after one with an endless loop runs", async () => {
  expect(await resultOf("loops-in-a-callback", "embedded", 1)).toMatchObject({ status: "passed" });
});

test("a counter cannot be read before the streams are settled", async () => {
  const { status, messages } = await resultOf("reads-before-it-is-settled", "embedded");

  expect(status).toBe("failed");
  expect(messages).toMatch(/proxy\.stats was read after traffic and before `await proxy\.settled\(\)`/);
});

test("a counter that does not exist fails, with the one that was probably meant", async () => {
  const { status, messages } = await resultOf("misnames-a-counter", "embedded");

  expect(status).toBe("failed");
  expect(messages).toMatch(/there is no such counter: did you mean header_authz\.denied\?/);
});

test.for(["needs-what-the-backend-lacks", "needs-an-envoy-to-come"])(
  "a test that %s is skipped",
  async (name) => {
    expect((await resultOf(name, "embedded")).status).toBe("skipped");
  },
);

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

test("a project with a concurrency runs its tests on so many workers", async ({ skip }) => {
  await requiresEnvoy(skip);

  expect(await runSpec("runs-on-four-workers", "envoy-4-workers")).toEqual({
    status: "passed",
    messages: "",
  });
  expect((await resultOf("runs-on-four-workers", "envoy")).messages).toMatch(/server\.concurrency: 1/);
});

describe("without a container engine", () => {
  const nowhere = { DOCKER_HOST: "tcp://127.0.0.1:1" };

  test("the tests in containers are skipped", async () => {
    expect((await runSpec("traps-in-a-callback", "container", { ...nowhere, CI: "" })).status).toBe(
      "skipped",
    );
  });

  test("they fail with CI=true, and with the way out", async () => {
    const { status, messages } = await runSpec("traps-in-a-callback", "container", {
      ...nowhere,
      CI: "true",
    });

    expect(status).toBe("failed");
    expect(messages).toMatch(/no container engine answers.* DOCKER_HOST tcp:\/\/127\.0\.0\.1:1/);
  });
});

/** `guests/traps/index.ts:LINE`, escaped for a regular expression, of the line with this text. */
async function placeOf(text: string, guest = "traps"): Promise<string> {
  return `guests/${guest}/index\\.ts:${await lineOf(guest, text)}`;
}

async function requiresEnvoyFor(backend: string, skip: (note: string) => void): Promise<void> {
  if (backend === "envoy") await requiresEnvoy(skip);
}
