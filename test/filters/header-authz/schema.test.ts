import { Ajv } from "ajv";
import { Upstream } from "proxy-wasm-harness";
import { expect, inject, test } from "vitest";
import { Samples } from "../../sdk/schema-samples.ts";
import { refusalOf, schemaOf, testSchema } from "../schema-tests.ts";
import { apiKey, known } from "./people.ts";

const filter = "header-authz";
const schema = await schemaOf(filter);
const rules = [{ allow: { header: "x-role", exact: "admin" }, name: "admins", shadow: false }];
const local_jwks = JSON.stringify({ keys: [{ kty: "oct", k: Buffer.alloc(32, 1).toString("base64url") }] });
/** Has the keys, where they are fetched. */
const service = new Upstream();
service.respond({ body: local_jwks });
const expected = {
  issuers: ["i"],
  audiences: ["a"],
  algorithms: ["HS256"],
  clock_skew_seconds: 1,
  require_expiration: false,
};
const remote_jwks = {
  ...{ cluster: "service", path: "/keys", authority: "issuer.example" },
  ...{ timeout_ms: 5, refresh_ms: 5, cool_down_ms: 5, not_ready_status: 503 },
};
const sound = {
  ...known,
  rules,
  ...{ repeated: "first", case_sensitive: false, encoded_slashes: "keep", path_parameters: "keep" },
  ...{ trusted_hops: 1, shadow: false },
  jwt: { local_jwks, ...expected, from: { header: "x-token", value_prefix: "" } },
  signatures: {
    keys: [{ keyid: "k", secret: Buffer.alloc(32).toString("base64"), roles: ["r"] }],
    covers: ["@method"],
    max_age_seconds: 1,
    clock_skew_seconds: 1,
  },
  set_headers: [
    { header: "x-user", claim: "sub" },
    { header: "x-a", value: "yes" },
    { header: "x-b", peer: true },
    { header: "x-c", name_of: "basic" },
    { header: "x-d", roles_of: "api_key" },
  ],
};

await testSchema({
  filter,
  configurations: [
    sound,
    {
      rules: [
        { allow: { authenticated: "api_key" } },
        { deny: { path: { exact: "/x" } }, name: "x", shadow: true },
      ],
      api_keys: { query: "key", keys: [apiKey("ci", "k", ["r"])] },
      jwt: { remote_jwks, ...expected, from: { query: "token" } },
      set_headers: [{ header: "x-user", claim: "sub" }],
    },
  ],
  service,
  beyond: [
    { path: /^api_keys$/, what: /^no api_keys$/, reason: /needs the option for api_key/ },
    { path: /authenticated$/, what: /choice (basic|signature)/, reason: /needs the option for/ },
    { path: /^basic$/, what: /^no basic$/, reason: /name_of .*needs the option for basic/ },
    { path: /^jwt$/, what: /^no jwt$/, reason: /claim .*needs the option for jwt/ },
    { path: /^jwt\.local_jwks$/, what: /any text/, reason: /has no key: not JSON/ },
    { path: /^rules\[0\]\.shadow$/, what: /yes/, reason: /must hold an allow rule/ },
  ],
});

test("every kind of condition is accepted", async ({ skip }) => {
  if (inject("proxyWasmBackend") !== "embedded") skip("so many starts are for the embedded backend");
  const isAllowed = new Ajv({ strict: true, strictRequired: false }).compile(schema);
  for (const condition of new Samples(schema).of({ $ref: "#/definitions/condition" }, 2)) {
    const configuration = { ...sound, rules: [{ allow: condition }] };
    const refusal = await refusalOf(filter, configuration);
    expect([condition, isAllowed(configuration), refusal]).toEqual([condition, true, null]);
  }
});
