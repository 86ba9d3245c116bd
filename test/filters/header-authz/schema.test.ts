import { readFile } from "node:fs/promises";
import { Ajv } from "ajv";
import { HarnessError, startProxy } from "proxy-wasm-harness";
import { expect } from "proxy-wasm-harness/vitest";
import { inject, test } from "vitest";
import { Samples, type Schema } from "../../sdk/condition-samples.ts";
import { known } from "./people.ts";

const file = new URL("../../../filters/header-authz/schema.json", import.meta.url);
const schema = JSON.parse(await readFile(file, "utf8")) as Schema & { properties: Record<string, Schema> };
const samples = new Samples(schema);
const validate = new Ajv({ strict: true, strictRequired: false }).compile(schema);
const isVirtual = inject("proxyWasmBackend") === "embedded";

const local_jwks = JSON.stringify({ keys: [{ kty: "oct", k: Buffer.alloc(32, 1).toString("base64url") }] });
const conditions = samples.of({ $ref: "#/definitions/condition" }, 2);
const sound = {
  ...known,
  rules: [{ allow: { header: "x-role", exact: "admin" }, name: "admins", shadow: false }],
  repeated: "first",
  case_sensitive: false,
  encoded_slashes: "keep",
  path_parameters: "keep",
  trusted_hops: 1,
  shadow: false,
  jwt: {
    local_jwks,
    issuers: ["i"],
    audiences: ["a"],
    algorithms: ["HS256"],
    clock_skew_seconds: 1,
    require_expiration: false,
    from: { header: "x-token", value_prefix: "" },
  },
  signatures: {
    keys: [{ keyid: "k", secret: Buffer.alloc(32).toString("base64"), roles: ["r"] }],
    covers: ["@method"],
    max_age_seconds: 1,
    clock_skew_seconds: 1,
  },
  set_headers: [{ header: "x-user", claim: "sub" }],
} as const;

/** What refuses a configuration; null when nothing does. */
async function refusalOf(configuration: unknown): Promise<string | null> {
  try {
    const chain = [{ filter: "header-authz", configuration: JSON.stringify(configuration) }];
    await using proxy = await startProxy({ chain });
    return proxy.startLogs.length === 0 ? null : "it was accepted with a complaint";
  } catch (error) {
    if (error instanceof HarnessError && error.code === "configuration_refused") return error.message;
    throw error;
  }
}

/** Each option of the sample with one thing wrong in it, and where. */
const mutations = Object.entries(sound).flatMap(([key, value]) =>
  samples
    .mutations(schema.properties[key] ?? {}, value, key)
    .filter(({ value: wrong }) => !validate({ ...sound, [key]: wrong }))
    .map(({ what, value: wrong, path }) => ({ what, path, configuration: { ...sound, [key]: wrong } })),
);

test.runIf(isVirtual)("the schema and the filter accept the sample, and every condition in it", async () => {
  expect(validate(sound)).toBe(true);
  expect(await refusalOf(sound)).toBe(null);
  for (const condition of conditions) {
    const configuration = { ...sound, rules: [{ allow: condition }] };
    const refusal = await refusalOf(configuration);
    expect([condition, validate(configuration), refusal]).toEqual([condition, true, null]);
  }
});

test.runIf(isVirtual).for(mutations)("$path: $what is refused by name", async ({ path, configuration }) => {
  const refusal = await refusalOf(configuration);

  expect(refusal).toMatch(/header-authz: configuration refused: \S+ \(line \d+\): /);
  const parent = path.replace(/[.[][^.[]*$/, "");
  expect(refusal).toContain(`refused: ${parent}`);
});
