import { execFile } from "node:child_process";
import { mkdtempDisposable, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { describe, expect } from "vitest";
import { test as envoyTest } from "./envoy-fixture.ts";
import { root } from "./lint-configs.ts";

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function lint(args: readonly string[], { env = process.env, cwd = root } = {}): Promise<Outcome> {
  const command = path.join(root, "harness/bin/proxy-wasm.mjs");
  const run = promisify(execFile)(process.execPath, [command, "lint", ...args], { cwd, env });
  return { code: 0, ...(await run.catch((failure: Outcome) => failure)) };
}

/** The bootstrap of the file `root-id-unknown` with another plugin in it. */
async function bootstrapOf(name: string, configuration: object): Promise<string> {
  const text = await readFile(path.join(root, broken("root-id-unknown")), "utf8");
  const value = JSON.stringify(configuration);
  const typed = JSON.stringify({ "@type": "type.googleapis.com/google.protobuf.StringValue", value });
  return text
    .replaceAll("two-roots", name)
    .replace("root_id: frist", `root_id: ${name}\n                        configuration: ${typed}`);
}

const broken = (name: string): string => `test/harness/lint-configs/${name}.yaml`;
const noEnvoy = "--no-envoy";

const test = envoyTest.extend<{ file: (content: string) => Promise<string> }>({
  file: async ({}, use) => {
    await using folder = await mkdtempDisposable(path.join(tmpdir(), "lint-"));
    await use(async (content) => {
      const file = path.join(folder.path, "envoy.yaml");
      await writeFile(file, content);
      return file;
    });
  },
});

test("a finding has its place, severity, message and rule, then its path and what to write, without colours", async () => {
  const { code, stdout } = await lint([broken("unknown-field"), noEnvoy]);

  expect(code).toBe(1);
  expect(stdout.split("\n")).toEqual([
    `${broken("unknown-field")}:4:7  error  Cluster has no field lb_polcy  [unknown-field]`,
    "    at static_resources.clusters[0].lb_polcy",
    "    → did you mean lb_policy?",
    `${broken("unknown-field")}: 1 error`,
    "",
  ]);
});

test("--json gives the same for programs", async () => {
  const { code, stdout } = await lint([broken("unknown-field"), noEnvoy, "--json"]);

  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toEqual([
    {
      file: broken("unknown-field"),
      path: "static_resources.clusters[0].lb_polcy",
      line: 4,
      column: 7,
      rule: "unknown-field",
      severity: "error",
      message: "Cluster has no field lb_polcy",
      suggestion: "did you mean lb_policy?",
    },
  ]);
});

// A table: one line a case.
// prettier-ignore
const codes: ReadonlyArray<readonly [what: string, args: readonly string[], code: number, output: RegExp]> = [
  ["a sound file is 0", ["envoy-configs/header-authz.yaml"], 0, /^envoy-configs\/header-authz\.yaml: no findings\n$/],
  ["a warning is 0", [broken("old-tls")], 0, /old-tls\.yaml: 2 warnings\n$/],
  ["a warning is 1 with --strict", [broken("old-tls"), "--strict"], 1, /2 warnings\n$/],
  ["advice is 0 with --strict", [broken("single-value-for-a-list"), "--strict"], 0, /1 info\n$/],
  ["an error is 1", [broken("unknown-field")], 1, /1 error\n$/],
  ["an error that is made a warning is 0", [broken("unknown-field"), "--warn", "unknown-field"], 0, /1 warning\n$/],
  ["an error whose rule is off is 0", [broken("unknown-field"), "--off", "unknown-field"], 0, /no findings\n$/],
  ["several files are one summary", [broken("unknown-field"), broken("old-tls")], 1, /2 files: 1 error, 2 warnings\n$/],
  ["paths of modules are relative to --folder", [broken("wasm-misspelt-callback"), "--folder", "docs"], 1, /misspelt\.wasm is not there, seen from docs/],
  ["an older version has its own API", [broken("capabilities-missing"), "--envoy", "1.39"], 1, /no field capability_restriction_config in Envoy 1\.39: it is there since 1\.40/],
  ["a file that is not there is 2", ["gone.yaml"], 2, /gone\.yaml: there is no such file: correct the path/],
  ["a folder that is not there is 2", ["envoy-configs/header-authz.yaml", "--folder", "gone"], 2, /--folder gone: there is no such folder/],
  ["no file is 2", [], 2, /no file is named\nusage: proxy-wasm lint FILE/],
  ["an unknown rule is 2", ["a.yaml", "--off", "unknown-feild"], 2, /there is no rule "unknown-feild": did you mean unknown-field\?/],
  ["a rule that is like none is 2", ["a.yaml", "--off", "x"], 2, /there is no rule "x": there are\n(?: {2}.{1,78},\n)+ {2}.*, envoy\n/],
  ["an unknown version is 2", ["envoy-configs/header-authz.yaml", "--envoy", "1.2"], 2, /the API of Envoy 1\.2 is not known/],
];

test.for(codes)("%s", async ([, args, code, output]) => {
  const outcome = await lint([...args, noEnvoy]);

  expect(outcome.code).toBe(code);
  expect(outcome.stdout + outcome.stderr).toMatch(output);
});

test("a file that cannot be read as YAML is 2, with the line", async ({ file }) => {
  const { code, stdout } = await lint([await file("node:\n\tid: a\n"), noEnvoy]);

  expect(code).toBe(2);
  expect(stdout).toMatch(/envoy\.yaml:2:1 {2}error {2}Tabs are not allowed as indentation {2}\[syntax\]/);
});

describe("a real Envoy", () => {
  test("has the last word on a bootstrap, with the cause from the module's log first", async ({ envoy }) => {
    expect(envoy.version).toBeTruthy();
    const { code, stdout } = await lint([broken("root-id-unknown"), "--off", "unknown-root-id"]);

    expect(code).toBe(1);
    expect(stdout).toMatch(
      /root-id-unknown\.yaml:\d+:\d+ {2}error {2}Envoy refuses it: plugin "two-roots\.wasm" refused its configuration: root_id "frist" is unknown: this module has "first", "second" {2}\[envoy\]/,
    );
  });

  test("shows a trap of a filter while it is configured with its line and its frames", async ({ file }) => {
    const { code, stdout } = await lint([await file(await bootstrapOf("aborts", { way: "configure" }))]);

    expect(code).toBe(1);
    expect(stdout).toMatch(
      /Envoy refuses it: plugin "aborts\.wasm" trapped in proxy_on_configure at test\/guests\/aborts\/index\.ts:\d+:\d+.*: unreachable.*\n +abort \(\S+\)\n(.*\n)* +.*test\/guests\/aborts\/index\.ts:\d+:\d+/,
    );
  });

  // prettier-ignore
  const refused: ReadonlyArray<readonly [name: string, off: string, line: RegExp]> = [
    ["unknown-field", "unknown-field", /:4:7 {2}error {2}Envoy refuses it: no such field: 'lb_polcy' {2}\[envoy\]\n {4}at static_resources\.clusters\[0\]\.lb_polcy/],
    ["integer-out-of-range", "number-range", /:4:7 {2}error {2}Envoy refuses it: integer out of range {2}\[envoy\]\n {4}at static_resources\.clusters\[0\]\.per_connection_buffer_limit_bytes/],
    ["needs-a-name", "constraint", /:3:7 {2}error {2}Envoy refuses it: value length must be at least 1 characters {2}\[envoy\]\n {4}at static_resources\.clusters\[0\]\.name/],
    ["oneof-missing", "constraint", /Envoy refuses it: route_config\.virtual_hosts\[0\]\.routes\[0\]\.action: is required {2}\[envoy\]/],
    ["boolean-that-is-a-text", "wrong-type", /:11:17 {2}error {2}Envoy refuses it: expected 'true' or 'false' {2}\[envoy\]\n {4}at static_resources\.listeners\[0\]\..*\.use_remote_address/],
    ["type-misspelt", "unknown-type", /:22:36 {2}error {2}Envoy refuses it: could not find @type '.*Rooter' {2}\[envoy\]/],
    ["route-to-a-missing-cluster", "unknown-cluster", /:17:45 {2}error {2}Envoy refuses it: route: unknown cluster 'servise' {2}\[envoy\]/],
    ["static-cluster-with-a-name-for-address", "static-address", /:14:65 {2}error {2}Envoy refuses it: malformed IP address: backend\.example/],
    ["wasm-missing-import", "wasm-unsound", /Envoy refuses it: plugin "missing-import\.wasm" was not loaded: .*missing import: env\.proxy_clear_route_cache {2}\[envoy\]/],
  ];

  test.for(refused)(
    "says of %s where and what, in words that do not vary",
    async ([name, off, line], { envoy }) => {
      expect(envoy.version).toBeTruthy();
      expect((await lint([broken(name), "--off", off])).stdout).toMatch(line);
    },
  );

  test("may be a warning", async ({ envoy }) => {
    expect(envoy.version).toBeTruthy();
    const args = [broken("unknown-field"), "--off", "unknown-field", "--warn", "envoy"];
    expect(await lint(args)).toMatchObject({ code: 0, stdout: expect.stringContaining("1 warning") });
  });

  test("does not repeat what lint says of the same place", async ({ envoy }) => {
    expect(envoy.version).toBeTruthy();
    for (const name of ["integer-out-of-range", "unknown-field", "type-misspelt"])
      expect((await lint([broken(name)])).stdout).not.toContain("[envoy]");
  });

  test("is not kept from its word by what lint says of a field whose name only begins alike", async ({
    envoy,
    file,
  }) => {
    expect(envoy.version).toBeTruthy();
    const cluster = "{ name: a, type: STATIC, dns_refresh: 1, dns_refresh_rate: 0s }";
    const { stdout } = await lint([
      await file(`static_resources: { clusters: [${cluster}] }\n`),
      ...["--off", "unknown-field", "--off", "no-endpoints", "--off", "deprecated"],
    ]);

    const rules = [...stdout.matchAll(/\[([a-z-]+)\]\n {4}at static_resources\.clusters\[0\]\.(\w+)/g)];
    expect(rules.map(([, rule, field]) => [rule, field])).toEqual([
      ["envoy", "dns_refresh"],
      ["constraint", "dns_refresh_rate"],
    ]);
  });

  test("is silenced as every other rule by a comment", async ({ envoy, file }) => {
    expect(envoy.version).toBeTruthy();
    const text = "static_resources: { nothing: 1 } # proxy-wasm-lint: off envoy, unknown-field\n";

    expect(await lint([await file(text)])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("no findings"),
    });
  });

  test("of another version is not asked, and lint says so", async ({ envoy }) => {
    const env = { ...process.env, ENVOY_PATH: envoy.path };
    const { code, stderr } = await lint(["envoy-configs/header-authz.yaml", "--envoy", "1.36"], { env });

    expect(code).toBe(0);
    expect(stderr).toMatch(/^envoy-configs\/header-authz\.yaml: no Envoy 1\.36 was asked: ENVOY_PATH is /);
  });

  test("that is not there is named in one line, and what lint finds counts", async () => {
    const env = {
      ...process.env,
      PATH: "/nowhere",
      ENVOY_PATH: "",
      XDG_CACHE_HOME: "/nowhere",
      HOME: "/nowhere",
    };
    const { code, stderr } = await lint([broken("unknown-field")], { env });

    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(/no Envoy was asked, for none is on this machine/),
    });
  });
});
