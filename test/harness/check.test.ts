import { readFile } from "node:fs/promises";
import { checkModule } from "proxy-wasm-harness";
import { describe, expect, test } from "vitest";
import { guest } from "../guests/guest.ts";

async function check(name: string) {
  return checkModule(name, new Uint8Array(await readFile(guest(name))));
}

describe("each fault has its own reason and remedy", () => {
  const faults = [
    ["start-section", "start_section", /start section.*kills Envoy/, /--exportStart _initialize/],
    [
      "missing-import",
      "import",
      /imports env\.proxy_clear_route_cache.*ABI 0\.2\.1/,
      /only ABI 0\.1\.0 has it/,
    ],
    ["names-of-objects", "import", /imports env\.toString, which the host does not have/, /remove the call/],
    ["wrong-import", "import", /proxy_log as \(i32, i32\) -> i32.*\(i32, i32, i32\) -> i32/, /declaration/],
    [
      "wrong-callback",
      "callback_signature",
      /proxy_on_tick as \(i32\) -> i32.*\(i32\) -> nothing/,
      /parameters and result/,
    ],
    ["no-abi-version", "abi_version", /exports no ABI version/, /proxy_abi_version_0_2_1/],
    ["no-allocator", "allocator", /neither malloc nor proxy_on_memory_allocate/, /export malloc/],
    ["v128-export", "export_type", /function lanes as \(\) -> v128: Envoy is killed/, /through memory/],
    [
      "gc-export",
      "export_type",
      /function keep as \(a reference of garbage collection\) -> nothing: Envoy is/,
      /through/,
    ],
    [
      "reference-export",
      "export_type",
      /function keep as \(a reference\) -> nothing: a host can neither/,
      /through memory/,
    ],
  ] as const;

  test.for(faults)("%s", async ([name, rule, problem, remedy]) => {
    const { refusals } = await check(`unsound/${name}`);

    expect(refusals.map((finding) => finding.rule)).toEqual([rule]);
    expect(refusals[0]?.problem).toMatch(problem);
    expect(refusals[0]?.remedy).toMatch(remedy);
  });
});

test("all faults of a module are found at once", async () => {
  const { refusals } = await check("unsound/everything");

  expect(refusals.map(({ rule }) => rule)).toEqual([
    "start_section",
    "abi_version",
    "allocator",
    "memory",
    "import",
    "callback_signature",
    "export_type",
  ]);
});

test("a module that ends early is refused as corrupt", async () => {
  const bytes = new Uint8Array(await readFile(guest("raw/pauses")));

  const { refusals } = checkModule("cut", bytes.slice(0, -10));

  expect(refusals).toMatchObject([
    { rule: "corrupt", problem: expect.stringMatching(/^V8 cannot compile it: .*end/) as string },
  ]);
});

test("a file that is no Wasm is the user's mistake", () => {
  expect(() =>
    checkModule("text.wasm", new TextEncoder().encode("(module)") as Uint8Array<ArrayBuffer>),
  ).toThrow(
    expect.objectContaining({
      code: "invalid_input",
      message: expect.stringContaining("text.wasm is no WebAssembly module"),
    }),
  );
});

test("a misspelt callback loads, with a warning that names the right one", async () => {
  const report = await check("raw/misspelt");

  expect(report.refusals).toEqual([]);
  expect(report.warnings).toEqual([
    "it exports proxy_on_request_header, which no host calls: did you mean proxy_on_request_headers?",
  ]);
});

test("an export is a callback by its own name alone", async () => {
  expect(await check("raw/names-of-objects")).toMatchObject({ refusals: [], warnings: [] });
});

test("a module that imports its memory is sound", async () => {
  expect((await check("raw/imports-memory")).refusals).toEqual([]);
});

test("a module of ABI 0.1.0 has its own imports and callback types", async () => {
  const report = await check("raw/abi-0-1-0");

  expect(report).toEqual({ abiVersion: "0.1.0", refusals: [], warnings: [] });
});

test("compilers' modules are sound: AssemblyScript with the SDK, and Rust", async () => {
  expect(await check("empty")).toEqual({ abiVersion: "0.2.1", refusals: [], warnings: [] });
  const rust = new Uint8Array(
    await readFile(new URL("../../bench/peers/rust/t1-rust.wasm", import.meta.url)),
  );
  expect(checkModule("rust", rust)).toEqual({ abiVersion: "0.2.1", refusals: [], warnings: [] });
});
