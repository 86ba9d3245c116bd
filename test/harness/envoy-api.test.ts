import { readdirSync, readFileSync } from "node:fs";
import { brotliDecompressSync } from "node:zlib";
import {
  create,
  createFileRegistry,
  fromBinary,
  toJsonString,
  type FileRegistry,
  type MessageInitShape,
} from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { any, envoyApi, knownApiVersions } from "proxy-wasm-harness";
import {
  BootstrapSchema,
  type BootstrapJson,
} from "proxy-wasm-harness/api/envoy/config/bootstrap/v3/bootstrap";
import type { ClusterJson } from "proxy-wasm-harness/api/envoy/config/cluster/v3/cluster";
import { RouterSchema } from "proxy-wasm-harness/api/envoy/extensions/filters/http/router/v3/router";
import { HttpConnectionManagerSchema } from "proxy-wasm-harness/api/envoy/extensions/filters/network/http_connection_manager/v3/http_connection_manager";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect } from "vitest";
import { test } from "./envoy-fixture.ts";

test("every message of Envoy's v3 API has its file, and files that it does not refer to need not be loaded", () => {
  const folder = new URL("../../harness/api/envoy/", import.meta.url);
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
  expect(files.filter((name) => /\/v3\/\w+_pb\.js$/.test(name))).toHaveLength(480);
});

test.each(["1.36", "1.37", "1.38", "1.39", "1.40"])(
  "the API of Envoy %s is known with its fields",
  (version) => {
    const listener = envoyApi(version).getMessage("envoy.config.listener.v3.Listener");
    expect(listener?.fields.map(({ name }) => name)).toContain("stat_prefix");
  },
);

test("the versions differ in what they have", () => {
  const sizes = knownApiVersions().map((version) => [...envoyApi(version)].length);
  expect(sizes).toEqual([...sizes].sort((a, b) => a - b));
  expect(new Set(sizes).size).toBe(5);
});

test.each(knownApiVersions())(
  "a type of %s is what it is, in whichever order types are asked for",
  (version) => {
    const bytes = brotliDecompressSync(readFileSync(`harness/envoy-api/${version}.binpb.br`));
    const whole = createFileRegistry(fromBinary(FileDescriptorSetSchema, bytes));
    const api = envoyApi(version);
    const names = [...whole].map(({ typeName }) => typeName);

    const backwards = names.toReversed().map((name) => outline(api.get(name)));

    expect(backwards.toReversed()).toEqual(names.map((name) => outline(whole.get(name))));
    expect([...api].map(({ typeName }) => typeName).sort()).toEqual(names.toSorted());
    expect([...api.files].map(({ name }) => name).sort()).toEqual(
      [...whole.files].map(({ name }) => name).sort(),
    );
  },
);

test("what the API does not have is not found", () => {
  const api = envoyApi("1.40");

  for (const name of ["", "Listener", "envoy.config.listener.v3", "envoy.config.listener.v3.Listner", "a..b"])
    expect(api.get(name)).toBeUndefined();
  expect(api.getFile("envoy/nothing.proto")).toBeUndefined();
  expect(api.getMessage("envoy.service.listener.v3.ListenerDiscoveryService")).toBeUndefined();
});

test("services, enums, extensions and files are found by their names", () => {
  const api = envoyApi("1.40");
  const deprecated = api.getExtension("envoy.annotations.disallowed_by_default");
  const options = api.getMessage("google.protobuf.FieldOptions");
  if (deprecated === undefined || options === undefined) return expect.unreachable();

  expect(api.getExtensionFor(options, deprecated.number)).toBe(deprecated);
  expect(api.getService("envoy.service.listener.v3.ListenerDiscoveryService")?.methods).toHaveLength(3);
  expect(api.getEnum("envoy.config.core.v3.RequestMethod")?.values[1]?.name).toBe("GET");
  expect(api.getFile("envoy/config/core/v3/base.proto")?.messages.map(({ name }) => name)).toContain("Node");
});

/** Its kind and name, and those of its parts with what they refer to. */
function outline(desc: ReturnType<FileRegistry["get"]>): readonly string[] {
  if (desc === undefined) return [];
  if (desc.kind === "message")
    return [String(desc), ...desc.fields.map((field) => `${field} ${field.message ?? field.enum}`)];
  return [String(desc), ...(desc.kind === "enum" ? desc.values.map(String) : [])];
}

test("a patch has the API of its minor version", () => {
  expect(envoyApi("1.38.2")).toBe(envoyApi("1.38"));
});

test("an unknown version is refused with those that there are", () => {
  expect(() => envoyApi("1.22")).toThrow(
    "the API of Envoy 1.22 is not known, only that of 1.36, 1.37, 1.38, 1.39, 1.40",
  );
});

const manager = any(HttpConnectionManagerSchema, {
  statPrefix: "in",
  routeSpecifier: { case: "routeConfig", value: { name: "none" } },
  httpFilters: [
    {
      name: "router",
      configType: { case: "typedConfig", value: any(RouterSchema, { respectExpectedRqTimeout: true }) },
    },
  ],
});

const loopback = {
  address: {
    case: "socketAddress",
    value: { address: "127.0.0.1", portSpecifier: { case: "portValue", value: 0 } },
  },
} as const;

const bootstrap: MessageInitShape<typeof BootstrapSchema> = {
  staticResources: {
    listeners: [
      {
        name: "in",
        address: loopback,
        filterChains: [
          {
            filters: [
              {
                name: "http",
                configType: { case: "typedConfig", value: manager },
              },
            ],
          },
        ],
      },
    ],
  },
};

test("Envoy takes a bootstrap that is made of typed messages", async ({ envoy }) => {
  const registry = envoyApi("1.40");
  const json = toJsonString(BootstrapSchema, create(BootstrapSchema, bootstrap), { registry });
  const { stdout } = await promisify(execFile)(envoy.path, ["--mode", "validate", "--config-yaml", json]);
  expect(stdout).toMatch(/configuration '.*' OK/);
});

/** Never called: what counts is what tsc says, and tsc fails where an expected error is none. */
export function configurations(): readonly object[] {
  const sound: ClusterJson = { name: "a", lbPolicy: "ROUND_ROBIN" };
  // @ts-expect-error -- a mistyped enum value
  const mistyped: ClusterJson = { name: "a", lbPolicy: "ROUND_ROBBIN" };
  // @ts-expect-error -- a mistyped field
  const unknown: BootstrapJson = { staticResource: {} };
  // @ts-expect-error -- a message of another type
  const wrong = any(RouterSchema, { statPrefix: "in" });
  return [sound, mistyped, unknown, wrong];
}

test("the messages above are judged by tsc", () => {
  expect(configurations).toBeTypeOf("function");
});
