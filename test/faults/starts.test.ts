import { mkdtempDisposable, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { HarnessError, startBootstrap, startProxy, type FailurePolicy } from "proxy-wasm-harness";
import { expect } from "proxy-wasm-harness/vitest";
import { describe } from "vitest";
import { guest } from "../guests/guest.ts";
import { isCi } from "../harness/requires-ci.ts";
import { backend, test } from "../project.ts";

/** A plugin that an Envoy has from its bootstrap file alone. */
interface Given {
  readonly filter: string;
  readonly failurePolicy: FailurePolicy;
}

const type = "type.googleapis.com/envoy.extensions.filters";
const managerType = `${type}.network.http_connection_manager.v3.HttpConnectionManager`;

/** A whole bootstrap of Envoy, with one listener. */
function bootstrapWith({ filter, failurePolicy }: Given): object {
  const wasm = {
    "@type": `${type}.http.wasm.v3.Wasm`,
    config: {
      name: "refused",
      failure_policy: failurePolicy,
      vm_config: { runtime: "envoy.wasm.runtime.v8", code: { local: { filename: filter } } },
    },
  };
  const manager = {
    "@type": managerType,
    stat_prefix: "in",
    route_config: {
      virtual_hosts: [
        {
          name: "all",
          domains: ["*"],
          routes: [{ match: { prefix: "/" }, direct_response: { status: 200 } }],
        },
      ],
    },
    http_filters: [
      { name: "refused", typed_config: wasm },
      { name: "router", typed_config: { "@type": `${type}.http.router.v3.Router` } },
    ],
  };
  const address = { socket_address: { address: "127.0.0.1", port_value: 0 } };
  const filters = [{ name: "manager", typed_config: manager }];
  return { static_resources: { listeners: [{ name: "in", address, filter_chains: [{ filters }] }] } };
}

/** What the backend says to the plugin: a real Envoy has it from a bootstrap file, without any control plane. */
async function refusalOf(given: Given, folder: string): Promise<HarnessError | null> {
  const said = (starting: Promise<AsyncDisposable>): Promise<HarnessError | null> =>
    starting.then(async (started) => {
      await started[Symbol.asyncDispose]();
      return null;
    }, HarnessError.from);
  if (backend === "embedded")
    return said(startProxy({ chain: [{ ...given, name: "refused" }], uncheckedModules: true }));
  const file = path.join(folder, "envoy.yaml");
  await writeFile(file, JSON.stringify(bootstrapWith(given))); // which is YAML, too
  return said(startBootstrap(file, { backend, uncheckedModules: true }));
}

/** Modules that nobody made, each by its bytes. */
const written: Readonly<Record<string, string>> = {
  "text.wasm": "no module at all",
  "cut.wasm": "\0asm\x01\0\0\0\x01\x7f",
  "empty.wasm": "\0asm\x01\0\0\0",
};

async function moduleIn(folder: string, name: string): Promise<string> {
  const text = written[name];
  if (text === undefined) return guest(name);
  const file = path.join(folder, name);
  await writeFile(file, text, "latin1");
  return file;
}

const trapped = /trapped in proxy_on_configure/;
const lacks = "Missing or unknown Proxy-Wasm ABI version";

// A table: one line a module. What both backends say first.
// prettier-ignore
const refused: Array<[what: string, name: string, reason: string | RegExp]> = [
  ["that refuses its configuration", "raw/refuses-configuration", 'refused its configuration: the key "rules" is missing'],
  ["that traps when it is configured", "raw/traps-in-configure", trapped],
  ["with an import that there is not", "raw/imports-what-is-not-there", "was not loaded: Failed to load Wasm module due to a missing import: env.proxy_not_there"],
  ["with an import of another type", "unsound/wrong-import", "was not loaded: Failed to load Wasm module due to an import type mismatch: env.proxy_log, want: i32 i32 -> i32, but host exports: i32 i32 i32 -> i32"],
  ["with a callback of another type", "unsound/wrong-callback", "was not loaded: Bad function signature for: proxy_on_tick, want: i32 -> void, but the module exports: i32 -> i32"],
  ["without an allocator", "unsound/no-allocator", "was not loaded: Wasm module is missing malloc function."],
  ["of no ABI", "unsound/no-abi-version", `was not loaded: ${lacks}`],
  ["that traps in its start section", "unsound/start-section-traps", "was not loaded: Failed to create new Wasm instance"],
  ["that is empty", "empty.wasm", `was not loaded: ${lacks}`],
  ["that is cut off", "cut.wasm", "was not loaded: Failed to parse corrupted Wasm module"],
  ["that is no module", "text.wasm", "was not loaded: Failed to parse corrupted Wasm module"],
];

const all = ["FAIL_OPEN", "FAIL_CLOSED", "FAIL_RELOAD"] as const;
const policies = isCi ? all : all.slice(0, 1);
/** Each takes an Envoy of its own: most of them are left to `CI=true`. */
const shown = isCi || backend === "embedded" ? refused : refused.filter((_, i) => i % 4 === 1);

describe.for(policies)("%s", (failurePolicy) => {
  test.for(shown)("15: a plugin %s does not start", async ([, name, reason], { envoys }) => {
    void envoys; // asked for, so that without an Envoy the test is skipped
    await using folder = await mkdtempDisposable(path.join(tmpdir(), "static-bootstrap-"));
    const filter = await moduleIn(folder.path, name);

    const refusal = await refusalOf({ filter, failurePolicy }, folder.path);

    expect(refusal).toMatchObject({ code: "configuration_refused" });
    const [first] = (refusal?.message ?? "").split("\n");
    expect(first).toMatch(/^plugin "refused" /);
    expect(first).toMatch(reason);
    if (backend !== "embedded") expect(refusal?.message).toContain("\nEnvoy ended with exit code 1.\n");
  });
});

/** What ends Envoy by a signal: what it says is its exit code alone. */
const deadly = [
  ["that logs in its start section", "unsound/start-section", 139],
  ["that exports a function with a v128", "unsound/v128-export", 133],
] as const;

test.for(deadly)("15: a plugin %s kills Envoy", async ([, name, exitCode], { envoys }) => {
  void envoys;
  await using folder = await mkdtempDisposable(path.join(tmpdir(), "static-bootstrap-"));

  const refusal = await refusalOf({ filter: guest(name), failurePolicy: "FAIL_OPEN" }, folder.path);

  const wanted = backend === "embedded" ? /of which Envoy 1\.40 dies/ : new RegExp(`exit code ${exitCode} `);
  expect(refusal?.message).toMatch(wanted);
  expect(refusal?.code).toBe(backend === "embedded" ? "unsupported" : "envoy_exited");
});
