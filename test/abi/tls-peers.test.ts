import { createAuthority, type Authority, type CertificateOptions } from "proxy-wasm-harness";
import { CertificateValidationContext_TrustChainVerification as Verification } from "proxy-wasm-harness/api/envoy/extensions/transport_sockets/tls/v3/common";
import { listener, wasm } from "proxy-wasm-harness/scenario";
import { expect, scenarioTest, type ScenarioTest } from "proxy-wasm-harness/vitest";
import { guest } from "../guests/guest.ts";

const cases = [
  { when: { peer: { exact: "spiffe://mesh/client" } } },
  { when: { peer: { exact: "client.mesh" } } },
  { when: { not: { peer: { suffix: ".mesh" } } } },
];

/** A listener that asks for certificates of our authority, and one that takes any. */
async function listeners(ours: Promise<Authority>) {
  const authority = await ours;
  const tls = {
    identity: await authority.issue({ dns: ["proxy.mesh"] }),
    clientAuthority: authority.certificate,
  };
  const httpFilters = [wasm(guest("judges-requests"), { cases })];
  const lax = { trustChainVerification: Verification.ACCEPT_UNTRUSTED };
  const validationContextType = { case: "validationContext" as const, value: lax };
  return {
    listeners: [
      listener("strict", { httpFilters, routes: [], tls }),
      listener("lax", {
        httpFilters,
        routes: [],
        tls: { ...tls, with: { commonTlsContext: { validationContextType } } },
      }),
      listener("optional", {
        httpFilters,
        routes: [],
        tls: { ...tls, with: { requireClientCertificate: false } },
      }),
    ],
  };
}

const ours = createAuthority({ name: "ours" });
const test: ScenarioTest = scenarioTest(() => listeners(ours));

// A table: one line a case.
// prettier-ignore
const rows: ReadonlyArray<[what: string, listener: string, names: CertificateOptions | null, truths: string[]]> = [
  ["a URI comes before a DNS name", "strict", { dns: ["client.mesh"], uris: ["spiffe://mesh/client"] }, ["yes", "no", "yes"]],
  ["of several URIs the first counts", "strict", { uris: ["spiffe://mesh/other", "spiffe://mesh/client"] }, ["no", "no", "yes"]],
  ["without a URI the DNS name counts", "strict", { dns: ["client.mesh"] }, ["no", "yes", "no"]],
  ["a certificate without names names nobody", "strict", {}, ["no", "no", "doubt"]],
  ["without a certificate there is no peer", "optional", null, ["no", "no", "doubt"]],
];

for (const [what, name, options, truths] of rows) {
  test(what, async ({ mesh }) => {
    const authority = await ours;
    const identity = options === null ? {} : { identity: await authority.issue(options) };
    const tls = { authority: authority.certificate, serverName: "proxy.mesh", ...identity };

    expect(await judged((index) => mesh.get(name, "/", { headers: { "x-case": index }, tls }))).toEqual(
      truths,
    );
  });
}

test("a name that Envoy was told not to check is believed: Envoy tells no difference", async ({ mesh }) => {
  const stranger = await (
    await createAuthority({ name: "a stranger" })
  ).issue({ uris: ["spiffe://mesh/client"] });
  const tls = { authority: (await ours).certificate, serverName: "proxy.mesh", identity: stranger };

  expect(await judged((index) => mesh.get("lax", "/", { headers: { "x-case": index }, tls }))).toEqual([
    "yes",
    "no",
    "yes",
  ]);
  await expect(mesh.get("strict", "/", { tls })).rejects.toThrow();
});

async function judged(get: (index: string) => Promise<{ text(): string }>): Promise<string[]> {
  const truths: string[] = [];
  for (const index of cases.keys()) truths.push((await get(String(index))).text().split("|")[0] ?? "");
  return truths;
}
