import { any } from "proxy-wasm-harness";
import { JwtAuthenticationSchema } from "proxy-wasm-harness/api/envoy/extensions/filters/http/jwt_authn/v3/config";
import { cluster, listener, route, wasm } from "proxy-wasm-harness/scenario";
import { expect, scenarioTest } from "proxy-wasm-harness/vitest";
import { jwks, tokenOf } from "../../abi/tokens.ts";
import { ruled } from "./scenarios.ts";

const authentication = any(JwtAuthenticationSchema, {
  providers: {
    ours: {
      jwksSourceSpecifier: { case: "localJwks", value: { specifier: { case: "inlineString", value: jwks } } },
      payloadInMetadata: "payload",
    },
  },
  rules: [
    {
      match: { pathSpecifier: { case: "prefix", value: "/" } },
      requirementType: { case: "requires", value: { requiresType: { case: "providerName", value: "ours" } } },
    },
  ],
});

const limiting = wasm(
  "rate-limit",
  ruled({ key: [{ jwt_claim: { claim: "sub", payload_in_metadata: "payload" } }], on_missing: "deny" }),
);

const test = scenarioTest(({ upstream }) => ({
  listeners: [listener("in", { httpFilters: [authentication, limiting], routes: [route("/", "service")] })],
  clusters: [cluster("service", upstream)],
}));

test("a claim of a token that Envoy has verified is a key", async ({ mesh }) => {
  const ask = async (sub: string): Promise<number> => {
    const authorization = `Bearer ${tokenOf({ claims: { sub } })}`;
    return (await mesh.get("in", "/", { headers: { authorization } })).status;
  };

  expect([await ask("a"), await ask("b"), await ask("a")]).toEqual([200, 200, 429]);
});

test("a token without the claim has no key", async ({ mesh }) => {
  const authorization = `Bearer ${tokenOf({ claims: { sub: undefined } })}`;

  expect((await mesh.get("in", "/", { headers: { authorization } })).status).toBe(429);
});
