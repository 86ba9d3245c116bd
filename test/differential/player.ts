import {
  callbackNames,
  callbacks,
  hostCallNames,
  hostCalls,
  spaceOf,
  type Callback,
  type HostCall,
} from "./host-calls.ts";

/** Where a program is in the guest's memory, and how large it may be. */
export const programAt = 65_536;
export const programLimit = 1_048_576 - programAt;

/** The words of an instruction beside a host call's number. */
export const endOfCallback = 0xffff_ffff;
export const trap = 0xffff_fffe;

/** Where the host puts what it answers: the first and the second of a kind. */
export const outBytesAt = 16;
export const outNumbersAt = [32, 36] as const;
export const outLongAt = 40;
/** What stands there until it does. */
export const unwritten = 0x3f3f3f3f;

const slotsAt = 512;
const countsAt = 2048;
const argumentsAt = 128;
const textAt = 4096;

/**
 * A guest that plays a program, which is its configuration: in each callback it makes the host calls that stand there,
 * whatever they may be, and logs each with all that the host answers. It has no SDK, which would refuse many of them.
 *
 * Its program begins with two addresses for each callback, of what it does the first time and later, 0 for nothing.
 * There are instructions, in words of 32 bits: the host call's number, the slot that keeps its first number, how many
 * bytes of parameters follow, and for each parameter 0 or 1, for a value or a slot's, and the value in two words.
 */
export function playerText(): string {
  return `(module
    (type $made (func (result i32)))
    ${hostCallNames.map(importText).join("\n")}
    (memory (export "memory") 64)
    (global $end (mut i32) (i32.const 0))
    (global $free (mut i32) (i32.const ${programAt + programLimit}))
    (global $isLoaded (mut i32) (i32.const 0))
    (table ${hostCallNames.length} funcref)
    (elem (i32.const 0) ${hostCallNames.map((name) => `$make_${name}`).join(" ")})
    ${hostCallNames.map(makeText).join("\n")}
    ${texts}
    ${callbackNames.map(callbackText).join("\n")}
  )`;
}

function letters(name: HostCall): string[] {
  const wasm: Record<string, string[]> = {
    l: ["i64"],
    b: ["i32", "i32"],
    p: ["i32", "i32"],
    v: ["i32", "i32"],
    o: ["i32", "i32"],
  };
  return [...hostCalls[name]].flatMap((kind) => wasm[kind] ?? ["i32"]);
}

function importText(name: HostCall): string {
  return `(import "${spaceOf(name)}" "${name}" (func $${name} (param ${letters(name).join(" ")}) (result i32)))`;
}

/** Makes a host call with the parameters that stand at their place. */
function makeText(name: HostCall): string {
  const values = letters(name).map((type, i) => `(${type}.load (i32.const ${argumentsAt + 8 * i}))`);
  return `(func $make_${name} (type $made) (call $${name} ${values.join(" ")}))`;
}

function callbackText(name: Callback, index: number): string {
  const { parameters, returns } = { returns: null, ...callbacks[name] };
  const said = Array.from({ length: parameters }, (_, i) => `(call $hex (local.get ${i}))`).join(" ");
  const enter = `(call $begin (i32.const 99)) (call $hex (i32.const ${index})) ${said} (call $say)`;
  const result = returns === null ? "" : "(result i32)";
  const played = `(call $play (i32.const ${index}) (i32.const ${returns ?? 0}))`;
  return `(func (export "${name}") (param ${"i32 ".repeat(parameters)}) ${result}
    (if (global.get $isLoaded) (then ${enter})) ${returns === null ? `(drop ${played})` : played})`;
}

const texts = `
  (func (export "malloc") (param $size i32) (result i32)
    (local $at i32)
    (local.set $at (global.get $free))
    (global.set $free (i32.and (i32.add (i32.add (local.get $at) (local.get $size)) (i32.const 15)) (i32.const -8)))
    (local.get $at))
  (func (export "proxy_abi_version_0_2_1"))
  (func (export "proxy_on_vm_start") (param i32 i32) (result i32) (i32.const 1))
  (func (export "proxy_on_configure") (param i32 i32) (result i32)
    (drop (call $proxy_get_buffer_bytes (i32.const 7) (i32.const 0) (i32.const -1)
      (i32.const ${outBytesAt}) (i32.const ${outBytesAt + 4})))
    (memory.copy (i32.const ${programAt}) (i32.load (i32.const ${outBytesAt})) (i32.load (i32.const ${outBytesAt + 4})))
    (global.set $isLoaded (i32.const 1))
    (i32.const 1))

  ;; a line of text: a letter, and numbers and bytes in hexadecimal digits
  (func $put (param $byte i32)
    (i32.store8 (global.get $end) (local.get $byte))
    (global.set $end (i32.add (global.get $end) (i32.const 1))))
  (func $begin (param $letter i32)
    (global.set $end (i32.const ${textAt}))
    (call $put (local.get $letter)))
  (func $digit (param $value i32)
    (local.set $value (i32.and (local.get $value) (i32.const 15)))
    (call $put (i32.add (local.get $value)
      (select (i32.const 48) (i32.const 87) (i32.lt_u (local.get $value) (i32.const 10))))))
  (func $hexByte (param $value i32)
    (call $digit (i32.shr_u (local.get $value) (i32.const 4)))
    (call $digit (local.get $value)))
  (func $hex (param $value i32)
    (local $shift i32)
    (call $put (i32.const 32))
    (local.set $shift (i32.const 32))
    (loop $next
      (local.set $shift (i32.sub (local.get $shift) (i32.const 4)))
      (call $digit (i32.shr_u (local.get $value) (local.get $shift)))
      (br_if $next (local.get $shift))))
  (func $hexBytes (param $at i32) (param $length i32)
    (call $put (i32.const 32))
    (if (i32.eq (local.get $at) (i32.const ${unwritten})) (then (return)))
    (if (i32.gt_u (local.get $length) (i32.const 16384)) (then (local.set $length (i32.const 16384))))
    (block $done
      (loop $next
        (br_if $done (i32.eqz (local.get $length)))
        (call $hexByte (i32.load8_u (local.get $at)))
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (local.set $length (i32.sub (local.get $length) (i32.const 1)))
        (br $next))))
  (func $say
    (drop (call $proxy_log (i32.const 2) (i32.const ${textAt}) (i32.sub (global.get $end) (i32.const ${textAt})))))

  (func $forget
    (local $at i32)
    (local.set $at (i32.const ${outBytesAt}))
    (loop $next
      (i32.store (local.get $at) (i32.const ${unwritten}))
      (local.set $at (i32.add (local.get $at) (i32.const 4)))
      (br_if $next (i32.lt_u (local.get $at) (i32.const ${outLongAt + 8})))))

  ;; puts the parameters in their place; the address behind them
  (func $pass (param $at i32) (param $count i32) (result i32)
    (local $to i32)
    (local.set $to (i32.const ${argumentsAt}))
    (block $done
      (loop $next
        (br_if $done (i32.eqz (local.get $count)))
        (i64.store (local.get $to)
          (if (result i64) (i32.load (local.get $at))
            (then (i64.load32_u (i32.add (i32.const ${slotsAt}) (i32.shl (i32.load offset=4 (local.get $at)) (i32.const 2)))))
            (else (i64.load offset=4 (local.get $at)))))
        (local.set $at (i32.add (local.get $at) (i32.const 12)))
        (local.set $to (i32.add (local.get $to) (i32.const 8)))
        (local.set $count (i32.sub (local.get $count) (i32.const 1)))
        (br $next)))
    (local.get $at))

  (func $answered (param $callback i32) (param $step i32) (param $status i32)
    (call $begin (i32.const 104))
    (call $hex (local.get $callback))
    (call $hex (local.get $step))
    (call $hex (local.get $status))
    (call $hex (i32.load (i32.const ${outNumbersAt[0]})))
    (call $hex (i32.load (i32.const ${outNumbersAt[1]})))
    (call $hex (i32.load (i32.const ${outLongAt + 4})))
    (call $hex (i32.load (i32.const ${outLongAt})))
    (call $hex (i32.eq (i32.load (i32.const ${outBytesAt})) (i32.const ${unwritten})))
    (call $hexBytes (i32.load (i32.const ${outBytesAt})) (i32.load (i32.const ${outBytesAt + 4})))
    (call $say))

  (func $play (param $callback i32) (param $result i32) (result i32)
    (local $at i32) (local $op i32) (local $status i32) (local $count i32) (local $start i32)
    (if (i32.eqz (global.get $isLoaded)) (then (return (local.get $result))))
    (local.set $count (i32.add (i32.const ${countsAt}) (i32.shl (local.get $callback) (i32.const 2))))
    (local.set $start (i32.load (i32.add
      (i32.add (i32.const ${programAt}) (i32.shl (local.get $callback) (i32.const 3)))
      (select (i32.const 4) (i32.const 0) (i32.load (local.get $count))))))
    (i32.store (local.get $count) (i32.const 1))
    (if (i32.eqz (local.get $start)) (then (return (local.get $result))))
    (local.set $at (local.get $start))
    (loop $next
      (local.set $op (i32.load (local.get $at)))
      (if (i32.eq (local.get $op) (i32.const ${endOfCallback | 0}))
        (then (return (i32.load offset=4 (local.get $at)))))
      (if (i32.eq (local.get $op) (i32.const ${trap | 0})) (then unreachable))
      (call $forget)
      (local.set $count (local.get $at))
      (local.set $at (call $pass (i32.add (local.get $at) (i32.const 12)) (i32.load offset=8 (local.get $at))))
      (local.set $status (call_indirect (type $made) (local.get $op)))
      (call $answered (local.get $callback) (local.get $count) (local.get $status))
      (i32.store (i32.add (i32.const ${slotsAt}) (i32.shl (i32.load offset=4 (local.get $count)) (i32.const 2)))
        (i32.load (i32.const ${outNumbersAt[0]})))
      (br $next))
    (unreachable))`;
