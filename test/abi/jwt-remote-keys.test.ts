import { startProxy, Upstream, type BackendName, type StartedProxy } from "proxy-wasm-harness";
import { expect } from "proxy-wasm-harness/vitest";
import { inject, test } from "vitest";
import { guest } from "../guests/guest.ts";
import { judge, jwksOf, keys, publicJwk, tokenOf } from "./tokens.ts";

const backend = inject("proxyWasmBackend") as BackendName;
const isVirtual = backend === "embedded";

const first = jwksOf(publicJwk(keys.rsa.publicKey, { kid: "one" }));
const second = jwksOf(publicJwk(keys.otherRsa.publicKey, { kid: "two" }));
const byFirst = tokenOf({ header: { kid: "one" } });
const bySecond = tokenOf({ header: { kid: "two" }, key: keys.otherRsa.privateKey });

const HOUR = 3_600_000;
const NEVER = { refresh_ms: HOUR, cool_down_ms: HOUR };
const SOON = 20;

interface Started extends AsyncDisposable {
  readonly proxy: StartedProxy;
  readonly service: Upstream;
}

/** Starts a proxy whose plugin fetches its keys from a service, which is there before. */
async function start(reaction: object, remote: object): Promise<Started> {
  const service = new Upstream();
  service.respond(reaction);
  const configuration = { remote: { cluster: "service", ...remote } };
  const chain = [{ filter: guest("verifies-tokens"), configuration }];
  const proxy = await startProxy({ backend, clusters: { service }, chain });
  return { proxy, service, [Symbol.asyncDispose]: () => Promise.resolve(proxy[Symbol.asyncDispose]()) };
}

/** Lets time pass where it is virtual, and waits until tokens are judged so. */
async function expectVerdicts({ proxy }: Started, tokens: string[], verdicts: string[]): Promise<void> {
  if (isVirtual) await proxy.clock.advance(SOON);
  await expect.poll(() => judge(proxy, tokens), { interval: 5 }).toEqual(verdicts);
}

/** Lets time pass where it is virtual, and waits until so many attempts, since the test began, have failed. */
async function expectFailures({ proxy }: Started, count: number): Promise<void> {
  if (isVirtual) await proxy.clock.advance(SOON * count);
  const failed = async (): Promise<number> => {
    await proxy.settled();
    return proxy.stats.get("verifies_tokens.failed") ?? 0;
  };
  await expect.poll(failed, { interval: 5 }).toBeGreaterThanOrEqual(count);
}

test("tokens are verified by the keys that the service has", async () => {
  await using started = await start({ body: first }, NEVER);

  await expectVerdicts(started, [byFirst, bySecond], ["Valid", "UnknownKey"]);
  expect(started.service.requests[0]).toMatchObject({ method: "GET", path: "/jwks" });
});

test("until there are keys tokens are neither sound nor bad, and the service is asked again", async () => {
  await using started = await start({ status: 503 }, { refresh_ms: HOUR, cool_down_ms: SOON });
  await expectFailures(started, 2);
  expect(await judge(started.proxy, [byFirst, "no token"])).toEqual(["KeysNotReady", "Malformed"]);
  started.service.respond({ body: first });

  await expectVerdicts(started, [byFirst], ["Valid"]);
});

test("the keys are fetched again and again", async () => {
  await using started = await start({ body: first }, { refresh_ms: SOON, cool_down_ms: HOUR });
  await expectVerdicts(started, [byFirst], ["Valid"]);
  started.service.respond({ body: second });

  await expectVerdicts(started, [byFirst, bySecond], ["UnknownKey", "Valid"]);
});

test("an unknown key lets the keys be fetched anew", async () => {
  await using started = await start({ body: first }, { refresh_ms: HOUR, cool_down_ms: 1 });
  await expectVerdicts(started, [byFirst], ["Valid"]);
  started.service.respond({ body: second });

  await expectVerdicts(started, [bySecond], ["Valid"]);
});

test("unknown keys within the cool-down ask nobody", async () => {
  await using started = await start({ body: first }, NEVER);
  await expectVerdicts(started, [byFirst], ["Valid"]);
  const { proxy, service } = started;
  for (let i = 0; i < 10; i++) expect(await judge(proxy, [bySecond])).toEqual(["UnknownKey"]);
  await proxy.settled();

  expect(service.requests.length).toBeLessThanOrEqual(isVirtual ? 1 : 2); // Envoy's main thread fetches as well
});

test("unknown keys ask once a cool-down, and no sound token asks", async ({ skip }) => {
  if (!isVirtual) skip(`the ${backend} backend has no virtual-clock`);
  await using started = await start({ body: first }, { refresh_ms: HOUR, cool_down_ms: 1000 });
  const { proxy, service } = started;
  await proxy.clock.advance(1000);
  const tokens = [byFirst, bySecond, bySecond, "no token", bySecond];
  for (let i = 0; i < 3; i++) {
    await judge(proxy, tokens);
    await proxy.settled();
  }
  expect(service.requests).toHaveLength(2);
  await proxy.clock.advance(1000);
  await judge(proxy, [byFirst]);
  expect(service.requests).toHaveLength(2);
  await judge(proxy, tokens);
  await proxy.settled();

  expect(service.requests).toHaveLength(3);
});

/** The first keys in a text of so many bytes. */
function padded(length: number): string {
  return first + " ".repeat(length - first.length);
}

// A table: a title, the answer, and what the log says of it.
// prettier-ignore
const failures: [string, object, string][] = [
  ["a status 500 with keys", { status: 500, body: second }, "the answer's status is 500"],
  ["a status 204", { status: 204 }, "the answer's status is 204"],
  ["no JSON", { body: "<html>" }, "not JSON: expected a value"],
  ["no set", { body: "{}" }, "it has no array of keys"],
  ["an empty set", { body: '{"keys":[]}' }, "the set of keys is empty"],
  ["no key that can be used", { body: '{"keys":[{"kty":"OKP"}]}' }, "keys[0]: its kty is none of RSA, EC and oct"],
  ["no body", {}, "not JSON: expected a value"],
  ["more than 64 KiB", { body: padded(65_537) }, "the answer has more than 64 KiB"],
  ["an answer that breaks off", { body: second, fault: "reset" }, "the answer broke off"],
  ["a refused connection", { fault: "refuse" }, "nobody took the request"],
];

for (const [title, reaction, problem] of failures) {
  test(`with ${title} the keys stay in use, and the log says so once`, async () => {
    await using started = await start({ body: first }, { refresh_ms: SOON, cool_down_ms: SOON });
    await expectVerdicts(started, [byFirst], ["Valid"]);
    const { proxy, service } = started;
    service.respond(reaction);
    await expectFailures(started, 6);

    expect(await judge(proxy, [byFirst, bySecond])).toEqual(["Valid", "UnknownKey"]);
    await proxy.settled();
    const errors = proxy.logs.filter(({ level }) => level === "error").map(({ message }) => message);
    expect(errors.length).toBeLessThanOrEqual(2); // Envoy's main thread fetches as well
    expect(new Set(errors)).toEqual(new Set([`no keys were fetched from service: ${problem}`]));
    service.respond({ body: second });
    await expectVerdicts(started, [bySecond], ["Valid"]);
  });
}

test("an answer of 64 KiB is taken", async () => {
  await using started = await start({ body: padded(65_536) }, NEVER);

  await expectVerdicts(started, [byFirst], ["Valid"]);
});

test("a cluster that is not there leaves the plugin without keys, and is named", async () => {
  await using started = await start({ body: first }, { ...NEVER, cluster: "nowhere" });

  expect(await judge(started.proxy, [byFirst])).toEqual(["KeysNotReady"]);
  expect(started.proxy.startLogs.map(({ message }) => message)).toContain(
    "no keys were fetched from nowhere: the request could not be sent",
  );
});
