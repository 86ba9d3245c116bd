import { expect } from "vitest";
import { normalised } from "../../harness/src/envoy/log-line.ts";
import { test } from "./envoy-fixture.ts";

const causes: ReadonlyArray<readonly [guest: string, code: string, firstLine: RegExp]> = [
  [
    "unsound/missing-import",
    "configuration_refused",
    /was not loaded: .*missing import: env\.proxy_clear_route_cache$/,
  ],
  [
    "unsound/wrong-callback",
    "configuration_refused",
    /was not loaded: Bad function signature for: proxy_on_tick, want/,
  ],
  [
    "unsound/no-abi-version",
    "configuration_refused",
    /was not loaded: Missing or unknown Proxy-Wasm ABI version$/,
  ],
  [
    "unsound/no-allocator",
    "configuration_refused",
    /was not loaded: Wasm module is missing malloc function\.$/,
  ],
  [
    "raw/refuses-configuration",
    "configuration_refused",
    /refused its configuration: the key "rules" is missing$/,
  ],
  [
    "raw/refuses-in-silence",
    "configuration_refused",
    /refused its configuration, and logged nothing at level error$/,
  ],
  [
    "raw/traps-in-configure",
    "configuration_refused",
    /^plugin "plugin-0" trapped in proxy_on_configure: unreachable$/,
  ],
  [
    "unsound/start-section",
    "envoy_exited",
    /^Envoy crashed with exit code 139 \(SIGSEGV\) while it loaded .*\.wasm$/,
  ],
  [
    "unsound/wrong-import",
    "configuration_refused",
    /was not loaded: .*import type mismatch: env\.proxy_log, want: i32 i32 -> i32, but host exports: i32 i32 i32 -> i32$/,
  ],
  [
    "unsound/gc-export",
    "envoy_exited",
    /^Envoy crashed with exit code 133 \(SIGTRAP\) while it loaded .*\.wasm$/,
  ],
  [
    "unsound/v128-export",
    "envoy_exited",
    /^Envoy crashed with exit code 133 \(SIGTRAP\) while it loaded .*\.wasm$/,
  ],
];

test.for(causes)("%s is refused with its cause first", async ([guest, code, firstLine], { start }) => {
  const refused = await start({ guests: [guest] }).catch((error: unknown) => error);

  expect(refused).toMatchObject({ code });
  const [first = "", ...rest] = (refused as Error).message.split("\n");
  expect(first).toMatch(firstLine);
  expect(rest.join("\n")).toContain("Envoy's last log lines:");
});

test("the frames of a trap in proxy_on_configure follow its reason", async ({ start }) => {
  await expect(start({ guests: ["raw/traps-in-configure"] })).rejects.toThrow(/unreachable\n {4}explode \(/);
});

test("the second plugin of a chain is named when it is the one refused", async ({ start }) => {
  const wanted = { guests: ["raw/passes", "raw/refuses-configuration"], names: ["sound", "strict"] };

  await expect(start(wanted)).rejects.toThrow(
    'plugin "strict" refused its configuration: the key "rules" is missing',
  );
});

test("what Envoy varies in its messages is normalised", () => {
  const varied = "error `x` initializing config 'goo.gle/debugstr   \n  /tmp/a.json'";

  expect(normalised(varied)).toBe("error `x` initializing config ' /tmp/a.json'");
});
