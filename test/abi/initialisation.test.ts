import { mkdtempDisposable, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import binaryen from "assemblyscript/binaryen";
import { startProxy } from "proxy-wasm-harness";
import { expect } from "proxy-wasm-harness/vitest";
import { isCi } from "../harness/requires-ci.ts";
import { backend, inProject, test } from "../project.ts";

/** What a module calls in `_initialize`, by the types of its parameters; all of them are 0. */
interface Called {
  readonly name: string;
  readonly parameters: readonly ("i32" | "i64")[];
}

const called = (name: string, ...parameters: Called["parameters"]): Called => ({ name, parameters });

/** What Envoy 1.40 refuses while a module is set up, though it has it later. */
const refused = [
  called("path_open", "i32", "i32", "i32", "i32", "i32", "i64", "i64", "i32", "i32"),
  called("sched_yield"),
  called("fd_close", "i32"),
  called("fd_read", "i32", "i32", "i32", "i32"),
  called("fd_seek", "i32", "i64", "i32", "i32"),
  called("proc_exit", "i32"),
];
const allowed = [
  called("random_get", "i32", "i32"),
  called("fd_fdstat_get", "i32", "i32"),
  called("poll_oneoff", "i32", "i32", "i32", "i32"),
  called("sock_shutdown", "i32", "i32"),
];
/** A real Envoy is shown one of each, and with `CI=true` all. */
const some = <T>(all: readonly T[]): readonly T[] => (backend === "embedded" || isCi ? all : all.slice(0, 1));

function moduleOf(space: string, { name, parameters }: Called): Uint8Array {
  const types = parameters.length === 0 ? "" : `(param ${parameters.join(" ")})`;
  const call = `(call $called ${parameters.map((type) => `(${type}.const 0)`).join(" ")})`;
  const [result, body] = name === "proc_exit" ? ["", call] : ["(result i32)", `(drop ${call})`];
  const module = binaryen.parseText(`(module
    (import "${space}" "${name}" (func $called ${types} ${result}))
    (memory (export "memory") 1)
    (func (export "proxy_abi_version_0_2_1"))
    (func (export "malloc") (param i32) (result i32) (i32.const 1024))
    (func (export "_initialize") ${body}))`);
  const binary = module.emitBinary();
  module.dispose();
  return binary;
}

for (const space of ["wasi_snapshot_preview1", "wasi_unstable"])
  for (const [what, functions] of [
    ["trap", some(refused)],
    ["nothing", some(allowed)],
  ] as const)
    test.for(functions)(
      `${space}: $name while a module is set up comes to: ${what}`,
      async (one, { envoys }) => {
        await using folder = await mkdtempDisposable(path.join(tmpdir(), "initialisation-"));
        const filter = path.join(folder.path, `${one.name}.wasm`);
        await writeFile(filter, moduleOf(space, one));

        const started = startProxy({ ...inProject(envoys), chain: [{ filter }] });
        const seen = await started.then(
          async (proxy) => {
            await proxy[Symbol.asyncDispose]();
            return "nothing";
          },
          (error: unknown) => String(error),
        );

        if (what === "nothing") expect(seen).toBe("nothing");
        else expect(seen).toMatch(/trapped in _initialize.*restricted_callback/);
      },
    );
