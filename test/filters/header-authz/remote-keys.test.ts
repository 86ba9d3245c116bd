import { startProxy, Upstream, type BackendName, type StartedProxy } from "proxy-wasm-harness";
import { expect } from "proxy-wasm-harness/vitest";
import { inject, test } from "vitest";
import { jwksOf, keys, publicJwk, tokenOf } from "../../abi/tokens.ts";

const backend = inject("proxyWasmBackend") as BackendName;
const isVirtual = backend === "embedded";
const first = jwksOf(publicJwk(keys.rsa.publicKey, { kid: "one" }));
const second = jwksOf(publicJwk(keys.otherRsa.publicKey, { kid: "two" }));
const byFirst = tokenOf({ header: { kid: "one" } });
const bySecond = tokenOf({ header: { kid: "two" }, key: keys.otherRsa.privateKey });
const HOUR = 3_600_000;
const SOON = 20;

async function start(service: Upstream, remote: object = {}): Promise<StartedProxy> {
  const timing = { refresh_ms: HOUR, cool_down_ms: HOUR };
  const remote_jwks = {
    cluster: "issuer",
    path: "/keys?a=b",
    authority: "issuer.example",
    ...timing,
    ...remote,
  };
  const rules = [{ deny: { claim: "sub", exact: "guest" } }, { allow: { authenticated: "jwt" } }];
  const configuration = { jwt: { remote_jwks }, rules };
  return startProxy({
    backend,
    clusters: { issuer: service },
    chain: [{ filter: "header-authz", configuration }],
  });
}

const answering = (reaction: object): Upstream => {
  const service = new Upstream();
  service.respond(reaction);
  return service;
};

async function statusOf(proxy: StartedProxy, token: string): Promise<number> {
  return (await proxy.get("/", { headers: { authorization: `Bearer ${token}` } })).status;
}

/** Lets time pass where it is virtual, and waits for a status. */
async function expectStatus(proxy: StartedProxy, token: string, status: number): Promise<void> {
  if (isVirtual) await proxy.clock.advance(SOON);
  await expect.poll(() => statusOf(proxy, token), { interval: 5 }).toBe(status);
}

test("tokens are believed by the keys that a service has, and those that it has later", async () => {
  const service = answering({ body: first });
  await using proxy = await start(service, { refresh_ms: SOON });
  await expectStatus(proxy, byFirst, 200);
  expect(await statusOf(proxy, bySecond)).toBe(401);
  service.respond({ body: second });

  await expectStatus(proxy, bySecond, 200);
  expect(service.requests[0]).toMatchObject({ path: "/keys?a=b", authority: "issuer.example" });
});

test("while there are no keys nobody knows, which is neither a refusal nor a pass", async () => {
  const service = answering({ status: 500 });
  await using proxy = await start(service, { cool_down_ms: SOON });
  await expectStatus(proxy, byFirst, 503);
  expect(await statusOf(proxy, "no-token")).toBe(401);
  await proxy.settled();
  expect(proxy.accessLog[0]?.details).toBe("header_authz_keys_not_ready");
  service.respond({ body: first });

  await expectStatus(proxy, byFirst, 200);
  await proxy.settled();
  expect(proxy.stats.get("header_authz.jwks_fetched")).toBeGreaterThanOrEqual(1);
});

test("a service that does not answer in time is asked anew", async () => {
  const service = answering({ fault: "silence" });
  await using proxy = await start(service, { timeout_ms: SOON, cool_down_ms: SOON });
  await expectStatus(proxy, byFirst, 503);
  if (isVirtual) await proxy.clock.advance(SOON);
  service.respond({ body: first });

  await expectStatus(proxy, byFirst, 200);
  await proxy.settled();
  expect(proxy.stats.get("header_authz.jwks_failed")).toBeGreaterThanOrEqual(1);
});

test("the answer meanwhile is the one that is said", async () => {
  await using proxy = await start(answering({ status: 500 }), { not_ready_status: 403 });

  await expectStatus(proxy, byFirst, 403);
});

test("keys stay in use when the service fails", async () => {
  const service = answering({ body: first });
  await using proxy = await start(service, { refresh_ms: SOON, cool_down_ms: SOON });
  await expectStatus(proxy, byFirst, 200);
  service.respond({ status: 500 });
  if (isVirtual) await proxy.clock.advance(SOON * 3);
  const failed = async (): Promise<number> => {
    await proxy.settled();
    return proxy.stats.get("header_authz.jwks_failed") ?? 0;
  };
  await expect.poll(failed, { interval: 5 }).toBeGreaterThanOrEqual(1);

  expect(await statusOf(proxy, byFirst)).toBe(200);
});
