import { execFile, spawn } from "node:child_process";
import { mkdtempDisposable, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { findEnvoy } from "proxy-wasm-harness";
import { expect, test, vi } from "vitest";
import { guest } from "../guests/guest.ts";
import { requiresEnvoy } from "./requires-envoy.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const command = path.join(root, "harness/bin/proxy-wasm.mjs");
vi.setConfig({ testTimeout: 60_000 });

/** A service that recurses without an end when it is configured, of which Envoy ends with a trap in its log. */
const bootstrap = {
  bootstrap_extensions: [
    {
      name: "service",
      typed_config: {
        "@type": "type.googleapis.com/envoy.extensions.wasm.v3.WasmService",
        singleton: true,
        config: {
          name: "never-ends",
          root_id: "never-ends",
          configuration: {
            "@type": "type.googleapis.com/google.protobuf.StringValue",
            value: JSON.stringify({ in: "configure", way: "stack" }),
          },
          vm_config: {
            runtime: "envoy.wasm.runtime.v8",
            code: { local: { filename: guest("never-ends") } },
          },
        },
      },
    },
  ],
};

/** What an Envoy with its own log format, or the escaped one of a line an entry, says until it ends. */
async function envoyLog(binary: string, folder: string, ...options: string[]): Promise<string> {
  const config = path.join(folder, "envoy.json");
  await writeFile(config, JSON.stringify(bootstrap));
  const run = promisify(execFile)(binary, ["-c", config, "--use-dynamic-base-id", ...options]);
  const { stderr } = await run.catch((failure: { stderr: string }) => failure);
  return stderr;
}

/** Runs `proxy-wasm traps` with a log piped in. */
async function traps(
  log: string,
  ...args: string[]
): Promise<{ code: number; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [command, "traps", ...args], { cwd: root });
  child.stdin.end(log);
  const ended = new Promise<number>((resolve) => child.on("close", resolve));
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { code, stdout, stderr };
}

test.for([[[]], [["--log-format", "%l %n %v", "--log-format-escaped"]]] as const)(
  "a trap that an Envoy logged, with the options %o, is shown with the lines of its source",
  async ([options], { skip }) => {
    await requiresEnvoy(skip);
    const { path: binary = "" } = (await findEnvoy()) ?? {};
    await using folder = await mkdtempDisposable(path.join(tmpdir(), "logged-traps-"));
    const log = await envoyLog(binary, folder.path, ...options);

    const { code, stdout } = await traps(log, guest("never-ends"));

    expect(code).toBe(0);
    const place = "test/guests/never-ends/index\\.ts:\\d+:\\d+";
    expect(stdout).toMatch(
      new RegExp(
        `^never-ends trapped in proxy_on_configure at ${place}: Maximum call stack size exceeded\\n`,
      ),
    );
    expect(stdout).toMatch(new RegExp(`(\\n {4}\\S.* \\(${place}\\)){10}`));
  },
);

test("without a trap of the module the exit code is 1, and it says so", async () => {
  expect(await traps("[info] all dependencies initialized\n", guest("never-ends"))).toMatchObject({
    code: 1,
    stdout: "",
    stderr: expect.stringMatching(/^no trap of \S+never-ends\.wasm is in what was read\n$/),
  });
});

test("a trap of another module is none of this one's", async () => {
  const log = [
    "[error][wasm] [plugin.cc:1] Function: proxy_on_log failed: Uncaught RuntimeError: unreachable",
    "Proxy-Wasm plugin in-VM backtrace:",
    "  0:  0x7ffffff - elsewhere",
  ];

  expect(await traps(log.join("\n"), guest("never-ends"))).toMatchObject({ code: 1, stdout: "" });
});

test("a log that is not there is 2", async () => {
  expect(await traps("", guest("never-ends"), "gone.log")).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/gone\.log: there is no such file/),
  });
});
