import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import path from "node:path";
import binaryen from "assemblyscript/binaryen";
import { expect, test } from "vitest";
import { answerChecks } from "../../harness/src/embedded/guest-module.ts";
import type { OffsetMap } from "../../harness/src/instrumentation/offset-map.ts";
import { probesOf } from "../../harness/src/coverage/probes.ts";
import { loadUncheckedModule } from "../../harness/src/module/load.ts";
import { readLayout, type ModuleLayout } from "../../harness/src/instrumentation/module-layout.ts";
import { counterMemoryName, instrument } from "../../harness/src/instrumentation/instrument.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const mostPages = 16_384;

/** A module of the text format, and one with the checks in it. */
function assembled(text: string): { plain: Uint8Array<ArrayBuffer>; checked: Uint8Array<ArrayBuffer> } {
  const module = binaryen.parseText(text);
  module.setFeatures(binaryen.Features.All);
  const plain = new Uint8Array(module.emitBinary());
  module.dispose();
  return { plain, checked: instrument(plain, mostPages).bytes };
}

/** What the function `run` of a module returns, and how often the checks asked. */
function run(bytes: Uint8Array<ArrayBuffer>): { result: unknown; asked: number } {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), {});
  let asked = 0;
  answerChecks(exports, () => (asked++, 0));
  return { result: (exports["run"] as () => unknown)(), asked };
}

async function modulesIn(folder: string): Promise<string[]> {
  const names = await readdir(path.join(root, folder), { recursive: true });
  return names.filter((name) => name.endsWith(".wasm")).map((name) => path.join(root, folder, name));
}

test("V8 takes every module of the tests with its checks, and every instruction leads to where it was", async () => {
  const files = [...(await modulesIn("build")), ...(await modulesIn("bench/peers"))];
  const seen = files.filter((file) => !file.endsWith("wide-memory.wasm"));

  for (const file of seen) {
    const plain = new Uint8Array(await readFile(file));
    const { bytes, offsets } = instrument(plain, mostPages);
    expect(() => new WebAssembly.Module(bytes), file).not.toThrow();
    expect(lostInstructions(plain, bytes, offsets), file).toEqual([]);
  }
  expect(seen.length).toBeGreaterThan(50);
});

/** The offsets in functions of the first module to which no equal byte of the second one leads, in their order. */
function lostInstructions(plain: Uint8Array<ArrayBuffer>, bytes: Uint8Array, offsets: OffsetMap): number[] {
  const origins = Array.from(bytes, (byte, offset) => ({ byte, at: offsets.origin(offset) ?? -1 }));
  const found = new Set(origins.filter(({ byte, at }) => plain[at] === byte).map(({ at }) => at));
  const inCode = readLayout(plain).bodies.flatMap(({ firstInstruction, end }) =>
    Array.from({ length: end - firstInstruction }, (_, i) => firstInstruction + i),
  );
  return inCode.filter((offset) => !found.has(offset));
}

test("V8 takes the filters with all their lines counted, and every instruction leads to where it was", async () => {
  const names = (await readdir(path.join(root, "build"))).filter((name) => name.endsWith(".wasm"));

  for (const name of names) {
    const module = await loadUncheckedModule(path.join(root, "build", name));
    const all = (layout: ModuleLayout): readonly number[] => probesOf(layout, module, () => true).offsets;
    const { bytes, offsets } = instrument(module.bytes, mostPages, all);
    expect(() => new WebAssembly.Module(bytes), name).not.toThrow();
    expect(lostInstructions(module.bytes, bytes, offsets), name).toEqual([]);
    for (const { firstInstruction } of readLayout(module.bytes).bodies)
      expect(offsets.origin(offsets.offsetOf(firstInstruction) ?? 0)).toBe(firstInstruction);
  }
  expect(names.length).toBeGreaterThan(3);
});

const tenTurns = `(func (export "run") (result i32) (local $turn i32)
  (loop $again (br_if $again (i32.lt_u (local.tee $turn (i32.add (local.get $turn) (i32.const 1))) (i32.const 10))))
  (local.get $turn))`;

test.for([
  ["no memory", tenTurns],
  ["a memory of its own", `(memory 1) ${tenTurns}`],
  ["a memory of the host's", `(import "env" "memory" (memory 1)) ${tenTurns}`],
] as const)("what a module with %s comes to is counted", ([, text]) => {
  const { plain } = assembled(`(module ${text})`);
  const { bytes } = instrument(plain, mostPages, ({ bodies: [body] }) => [
    ...[body?.firstInstruction ?? 0, body?.loops[0]?.inside ?? 0],
  ]);

  const host = assembled(`(module (memory (export "memory") 1 ${mostPages}))`).plain;
  const { exports: memories } = new WebAssembly.Instance(new WebAssembly.Module(host), {});
  const env = memories as Record<string, WebAssembly.ImportValue>;
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env });
  expect((exports["run"] as () => unknown)()).toBe(10);
  const counters = exports[counterMemoryName] as WebAssembly.Memory;
  expect([...new BigUint64Array(counters.buffer, 0, 3)]).toEqual([1n, 10n, 0n]);
});

test("a module of which nothing is counted has no counters", () => {
  const { checked } = assembled(`(module ${tenTurns})`);

  expect(WebAssembly.Module.exports(new WebAssembly.Module(checked)).map(({ name }) => name)).not.toContain(
    counterMemoryName,
  );
});

const turns = (count: number, body: string): string => `
  (loop $again
    ${body}
    (br_if $again (i32.lt_u (local.tee $turn (i32.add (local.get $turn) (i32.const 1))) (i32.const ${count}))))`;

const cases: ReadonlyArray<readonly [what: string, text: string, result: unknown, asked: number]> = [
  [
    "a loop of 200,000 turns asks at each 65,536",
    `(func (export "run") (result i32) (local $turn i32) ${turns(200_000, "")} (local.get $turn))`,
    200_000,
    3,
  ],
  [
    "a loop of calls asks at each 1,025",
    `(func $nothing) (func (export "run") (result i32) (local $turn i32) ${turns(10_000, "(call $nothing)")} (local.get $turn))`,
    10_000,
    9,
  ],
  [
    "the turns of two loops count together",
    `(func (export "run") (result i32) (local $turn i32)
      ${turns(40_000, "").replaceAll("$again", "$first")} ${turns(80_000, "")} (local.get $turn))`,
    80_000,
    1,
  ],
  [
    "a loop with parameters and results",
    `(func (export "run") (result i32) (local $turn i32)
      (i32.const 7)
      (loop $again (param i32) (result i32)
        (i32.add (i32.const 2))
        (br_if $again (i32.lt_u (local.tee $turn (i32.add (local.get $turn) (i32.const 1))) (i32.const 70000)))))`,
    140_007,
    1,
  ],
  [
    "a recursion",
    `(func $fib (param i32) (result i32)
      (if (result i32) (i32.lt_s (local.get 0) (i32.const 2)) (then (local.get 0))
        (else (i32.add (call $fib (i32.sub (local.get 0) (i32.const 1))) (call $fib (i32.sub (local.get 0) (i32.const 2)))))))
     (func (export "run") (result i32) (call $fib (i32.const 16)))`,
    987,
    3,
  ],
  [
    "a recursion through a table",
    `(type $step (func (param i32) (result i32))) (table funcref (elem $even))
     (func $even (type $step) (if (result i32) (i32.eqz (local.get 0)) (then (i32.const 1)) (else (call $odd (i32.sub (local.get 0) (i32.const 1))))))
     (func $odd (type $step) (call_indirect (type $step) (i32.sub (local.get 0) (i32.const 1)) (i32.const 0)))
     (func (export "run") (result i32) (call $even (i32.const 4000)))`,
    1,
    1,
  ],
  [
    "a recursion through references of functions",
    `(type $step (func (param i32) (result i32))) (elem declare func $down)
     (func $down (type $step) (if (result i32) (i32.eqz (local.get 0)) (then (i32.const 5))
       (else (return_call_ref $step (i32.sub (local.get 0) (i32.const 1)) (ref.func $down)))))
     (func (export "run") (result i32) (call $down (i32.const 3000)))`,
    5,
    2,
  ],
  [
    "bulk operations count by their length",
    `(memory 128) (func (export "run") (result i32)
      (local $turn i32) ${turns(4, "(memory.fill (i32.const 0) (local.get $turn) (i32.const 8388608))")}
      (i32.load8_u (i32.const 8388607)))`,
    3,
    3,
  ],
  [
    "memory that is copied and initialised",
    `(memory 1) (data $text "abc")
     (func (export "run") (result i32)
      (memory.init $text (i32.const 0) (i32.const 0) (i32.const 3)) (data.drop $text)
      (memory.copy (i32.const 8) (i32.const 0) (i32.const 3)) (i32.load8_u (i32.const 10)))`,
    99,
    0,
  ],
  [
    "memory that grows, and does not",
    `(memory 1 3) (func (export "run") (result i32)
      (i32.add (i32.mul (memory.grow (i32.const 2)) (i32.const 100)) (memory.grow (i32.const 1))))`,
    99,
    0,
  ],
  [
    "SIMD",
    `(memory 1) (func (export "run") (result i32) (local $turn i32) (local $sum v128)
      (v128.store (i32.const 0) (v128.const i32x4 1 2 3 4))
      ${turns(70_000, "(local.set $sum (i32x4.add (local.get $sum) (v128.load (i32.const 0))))")}
      (v128.store32_lane 2 (i32.const 32) (local.get $sum))
      (i8x16.extract_lane_u 0 (i8x16.shuffle 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 (local.get $sum) (local.get $sum)))
      (drop) (i32.load (i32.const 32)))`,
    210_000,
    1,
  ],
  [
    "exceptions",
    `(tag $e (param i32)) (func $throws (param i32) (throw $e (local.get 0)))
     (func (export "run") (result i32)
      (block $caught (result i32)
        (try_table (catch $e $caught) (call $throws (i32.const 41)))
        (i32.const 0)))`,
    41,
    0,
  ],
  [
    "exceptions as they were",
    `(tag $e (param i32)) (func $throws (param i32) (throw $e (local.get 0)))
     (func (export "run") (result i32) (local $turn i32)
      (try (result i32) (do (try (do (call $throws (i32.const 42))) (delegate 0)) (i32.const 0))
        (catch $e) (catch_all (i32.const 1))))`,
    42,
    0,
  ],
  [
    "objects of garbage collection",
    `(rec (type $list (struct (field (mut i32)) (field (ref null $list)))) (type $bytes (array (mut i8))))
     (func (export "run") (result i32) (local $turn i32) (local $list (ref null $list))
      ${turns(70_000, "(local.set $list (struct.new $list (local.get $turn) (ref.null $list)))")}
      (i32.add (struct.get $list 0 (ref.as_non_null (local.get $list)))
        (array.len (array.new_fixed $bytes 3 (i32.const 1) (i32.const 2) (i32.const 3)))))`,
    70_002,
    1,
  ],
  [
    "atomics",
    `(memory 1 1 shared) (func (export "run") (result i32) (atomic.fence) (i32.atomic.rmw.add (i32.const 0) (i32.const 1)))`,
    0,
    0,
  ],
  [
    "a table of branches, wide constants and a selection with its type",
    `(func (export "run") (result i32)
      (block $a (block $b (block $c (br_table $a $b $c (i32.const 1)))))
      (drop (f64.const 1.5)) (drop (f32.const 2.5)) (drop (i64.const -1234567890123456789))
      (select (result i32) (i32.const -2000000000) (i32.const 1) (i32.const 1)))`,
    -2_000_000_000,
    0,
  ],
  ["two hundred locals of one function", manyLocals(200), 65_536, 1],
];

/** So many groups of locals that their number takes one byte more with another group. */
function manyLocals(count: number): string {
  const locals = Array.from({ length: count }, (_, i) => `(local ${i % 2 === 0 ? "i64" : "f32"})`).join(" ");
  return `(func (export "run") (result i32) ${locals} (local $turn i32) ${turns(65_536, "")} (local.get $turn))`;
}

test.for(cases)("%s: the module does the same with its checks", ([, text, result, asked]) => {
  const { plain, checked } = assembled(`(module ${text})`);

  expect(run(plain)).toEqual({ result, asked: 0 });
  expect(run(checked)).toEqual({ result, asked });
});

test("an instruction that nobody knows is named", () => {
  const { plain } = assembled(`(module (func (export "run") (result i32) (i32.const 7)))`);
  const at = plain.lastIndexOf(0x41);

  expect(() => instrument(plain.with(at, 0xe0) as Uint8Array<ArrayBuffer>, mostPages)).toThrow(
    new RangeError("unknown instruction 0xe0"),
  );
});

test("a module whose start section loops can be instantiated, when nobody can be asked yet", () => {
  const loops = `(global $done (mut i32) (i32.const 0)) (start $begin)
    (func $begin (local $turn i32) ${turns(200_000, "")} (global.set $done (local.get $turn)))
    (func (export "run") (result i32) (global.get $done))`;

  expect(run(assembled(`(module ${loops})`).checked)).toEqual({ result: 200_000, asked: 0 });
});
