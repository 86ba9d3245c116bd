import { Upstream } from "proxy-wasm-harness";
import { cluster, listener, route } from "proxy-wasm-harness/scenario";
import { expect, scenarioTest } from "proxy-wasm-harness/vitest";
import { jwksOf, keys, publicJwk, tokenOf } from "../../abi/tokens.ts";
import { reloading } from "../reloading.ts";

const STREAMS = 50;
const filter = reloading({
  guest: "judges-and-traps",
  configuration: {
    jwt: { remote_jwks: { cluster: "issuer", path: "/keys" } },
    rules: [{ allow: { claim: "sub", exact: "me" } }],
    set_headers: [{ header: "x-user", claim: "sub" }],
  },
});

const issuer = new Upstream();
issuer.respond({ body: jwksOf(publicJwk(keys.rsa.publicKey)) });

const test = scenarioTest(
  ({ upstream }) => ({
    listeners: [listener("in", { httpFilters: [filter], routes: [route("/", "service")] })],
    clusters: [cluster("service", upstream), cluster("issuer", issuer)],
  }),
  { allowTraps: true, envoy: { concurrency: 1 } },
);

const mine = { authorization: `Bearer ${tokenOf()}` };
const others = { authorization: `Bearer ${tokenOf({ claims: { sub: "you" } })}` };
const forged = { authorization: `Bearer ${tokenOf({ key: keys.otherRsa.privateKey })}` };

test("a trap with 50 streams open lets nobody pass, and the next VM judges as the last one did", async ({
  mesh,
  upstream,
}) => {
  const ask = async (headers: Record<string, string>): Promise<number> =>
    (await mesh.get("in", "/", { headers })).status;
  await expect.poll(() => ask(mine)).toBe(200); // the keys are there
  const before = upstream.requests.length;
  const gate = upstream.hold();
  const open = Array.from({ length: STREAMS }, () => ask(mine));
  await expect.poll(() => upstream.requests.length).toBe(before + STREAMS);

  expect(await ask({ ...forged, "x-trap": "now" })).toBe(503);
  const whileDown = await Promise.all([others, forged, {}].map(ask));
  gate.release();
  await Promise.all(open);
  await expect.poll(() => ask(mine)).toBe(200); // a new VM is there, and has fetched the keys

  expect(whileDown).not.toContain(200);
  expect(await Promise.all([mine, others, forged, {}].map(ask))).toEqual([200, 403, 401, 401]);
  await mesh.settled();
  expect(mesh.stats).toHaveGauge("http.in.downstream_rq_active", 0);
  expect(upstream.requests.every(({ headers }) => headers.get("x-user") === "me")).toBe(true);
});
