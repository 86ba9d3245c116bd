import {
  areOfPluginsAt,
  argumentsAt,
  contextLimit,
  contextsAt,
  endOfMoment,
  freeAt,
  keptAt,
  Meaning,
  momentsAt,
  outBytesAt,
  outLongAt,
  outNumbersAt,
  playedAt,
  slotsAt,
  textAt,
  trap,
  unwritten,
  vectorAt,
} from "./layout.ts";

/** A line of text: a letter, and numbers and bytes in hexadecimal digits. */
const lines = `
  (func $put (param $byte i32)
    (i32.store8 (global.get $end) (local.get $byte))
    (global.set $end (i32.add (global.get $end) (i32.const 1))))
  (func $begin (param $letter i32)
    (global.set $end (i32.const ${textAt}))
    (call $put (local.get $letter))
    (call $hex (i32.load (global.get $program))))
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
        (br $next))))`;

/** Lines are kept, each behind its length, until the VM has streams. */
const saying = `
  (func $say
    (local $length i32)
    (local.set $length (i32.sub (global.get $end) (i32.const ${textAt})))
    (if (global.get $speaks)
      (then (drop (call $proxy_log (i32.const 2) (i32.const ${textAt}) (local.get $length))))
      (else (if (i32.lt_u (global.get $kept) (i32.const ${freeAt - (keptAt - textAt)}))
        (then
          (i32.store (global.get $kept) (local.get $length))
          (memory.copy (i32.add (global.get $kept) (i32.const 4)) (i32.const ${textAt}) (local.get $length))
          (global.set $kept (i32.add (global.get $kept) (i32.add (local.get $length) (i32.const 4)))))))))
  (func $speak
    (local $at i32)
    (if (global.get $speaks) (then (return)))
    (global.set $speaks (i32.const 1))
    (local.set $at (i32.const ${keptAt}))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $at) (global.get $kept)))
        (drop (call $proxy_log (i32.const 2) (i32.add (local.get $at) (i32.const 4)) (i32.load (local.get $at))))
        (local.set $at (i32.add (local.get $at) (i32.add (i32.load (local.get $at)) (i32.const 4))))
        (br $next))))`;

/** Which program is played in a context: a plugin's own is its configuration, or stands in that of its VM before. */
const contexts = `
  (func $placeOf (param $context i32) (result i32)
    (i32.add (i32.const ${contextsAt})
      (i32.shl (i32.and (local.get $context) (i32.const ${contextLimit - 1})) (i32.const 2))))
  (func $isOfPlugin (param $context i32) (result i32)
    (i32.load (i32.add (i32.const ${areOfPluginsAt - contextsAt}) (call $placeOf (local.get $context)))))
  (func $take (param $buffer i32) (result i32)
    (i64.store (i32.const ${outBytesAt}) (i64.const 0))
    (drop (call $proxy_get_buffer_bytes (local.get $buffer) (i32.const 0) (i32.const -1)
      (i32.const ${outBytesAt}) (i32.const ${outBytesAt + 4})))
    (i32.load (i32.const ${outBytesAt})))
  (func $load (param $context i32)
    (local $program i32)
    (if (i32.load (call $placeOf (local.get $context))) (then (return)))
    (local.set $program (call $take (i32.const 7)))
    (if (i32.eqz (local.get $program)) (then (local.set $program (call $take (i32.const 6)))))
    (i32.store (call $placeOf (local.get $context)) (local.get $program))
    (i32.store (i32.add (i32.const ${areOfPluginsAt - contextsAt}) (call $placeOf (local.get $context))) (i32.const 1))
    (global.set $last (local.get $program)))
  (func $create (param $context i32) (param $parent i32)
    (if (i32.eqz (local.get $parent)) (then (call $load (local.get $context)) (return)))
    (call $speak)
    (i32.store (call $placeOf (local.get $context)) (i32.load (call $placeOf (local.get $parent)))))
  (func $enter (param $context i32) (result i32)
    (global.set $program (i32.load (call $placeOf (local.get $context))))
    (if (i32.eqz (global.get $program)) (then (global.set $program (global.get $last))))
    (i32.ne (global.get $program) (i32.const 0)))`;

/** Puts the parameters of a host call in their place; answers the address behind them. */
const passing = `
  (func $meant (param $at i32) (result i64)
    (local $how i32) (local $low i32)
    (local.set $how (i32.load (local.get $at)))
    (local.set $low (i32.load offset=4 (local.get $at)))
    (if (i32.eq (local.get $how) (i32.const ${Meaning.slot}))
      (then (return (i64.load32_u (call $slot (local.get $low))))))
    (if (i32.eq (local.get $how) (i32.const ${Meaning.address}))
      (then (return (i64.extend_i32_u (i32.add (global.get $program) (local.get $low))))))
    (if (i32.eq (local.get $how) (i32.const ${Meaning.vector}))
      (then
        (i32.store (i32.const ${vectorAt}) (i32.add (global.get $program) (local.get $low)))
        (i32.store (i32.const ${vectorAt + 4}) (i32.load offset=8 (local.get $at)))
        (return (i64.const ${vectorAt}))))
    (i64.load offset=4 (local.get $at)))
  (func $pass (param $at i32) (param $count i32) (result i32)
    (local $to i32)
    (local.set $to (i32.const ${argumentsAt}))
    (block $done
      (loop $next
        (br_if $done (i32.eqz (local.get $count)))
        (i64.store (local.get $to) (call $meant (local.get $at)))
        (local.set $at (i32.add (local.get $at) (i32.const 12)))
        (local.set $to (i32.add (local.get $to) (i32.const 8)))
        (local.set $count (i32.sub (local.get $count) (i32.const 1)))
        (br $next)))
    (local.get $at))`;

const answers = `
  (func $forget
    (local $at i32)
    (local.set $at (i32.const ${outBytesAt}))
    (loop $next
      (i32.store (local.get $at) (i32.const ${unwritten}))
      (local.set $at (i32.add (local.get $at) (i32.const 4)))
      (br_if $next (i32.lt_u (local.get $at) (i32.const ${outLongAt + 8})))))
  (func $answered (param $moment i32) (param $step i32) (param $status i32)
    (call $begin (i32.const 104))
    (call $hex (local.get $moment))
    (call $hex (i32.sub (local.get $step) (global.get $program)))
    (call $hex (local.get $status))
    (call $hex (i32.load (i32.const ${outNumbersAt[0]})))
    (call $hex (i32.load (i32.const ${outNumbersAt[1]})))
    (call $hex (i32.load (i32.const ${outLongAt + 4})))
    (call $hex (i32.load (i32.const ${outLongAt})))
    (call $hex (i32.eq (i32.load (i32.const ${outBytesAt})) (i32.const ${unwritten})))
    (call $hexBytes (i32.load (i32.const ${outBytesAt})) (i32.load (i32.const ${outBytesAt + 4})))
    (call $say))`;

/** Plays a moment; a host call may lead to callbacks of other plugins before it returns. */
const play = `
  (func $slot (param $number i32) (result i32)
    (i32.add (i32.add (global.get $program) (i32.const ${slotsAt})) (i32.shl (local.get $number) (i32.const 2))))
  (func $startOf (param $moment i32) (result i32)
    (local $played i32) (local $start i32)
    (local.set $played (i32.add (i32.add (global.get $program) (i32.const ${playedAt}))
      (i32.shl (local.get $moment) (i32.const 2))))
    (local.set $start (i32.load (i32.add (i32.add (global.get $program) (i32.const ${momentsAt}))
      (i32.add (i32.shl (local.get $moment) (i32.const 3))
        (select (i32.const 4) (i32.const 0) (i32.load (local.get $played)))))))
    (i32.store (local.get $played) (i32.const 1))
    (local.get $start))
  (func $play (param $moment i32) (param $result i32) (result i32)
    (local $at i32) (local $step i32) (local $status i32) (local $program i32)
    (local.set $program (global.get $program))
    (local.set $at (call $startOf (local.get $moment)))
    (if (i32.eqz (local.get $at)) (then (return (local.get $result))))
    (local.set $at (i32.add (local.get $at) (local.get $program)))
    (loop $next
      (local.set $step (local.get $at))
      (if (i32.eq (i32.load (local.get $step)) (i32.const ${endOfMoment | 0}))
        (then (return (i32.load offset=4 (local.get $step)))))
      (if (i32.eq (i32.load (local.get $step)) (i32.const ${trap | 0})) (then unreachable))
      (call $forget)
      (local.set $at (call $pass (i32.add (local.get $step) (i32.const 12)) (i32.load offset=8 (local.get $step))))
      (local.set $status (call_indirect (type $made) (i32.load (local.get $step))))
      (global.set $program (local.get $program))
      (call $answered (local.get $moment) (local.get $step) (local.get $status))
      (i32.store (call $slot (i32.load offset=4 (local.get $step))) (i32.load (i32.const ${outNumbersAt[0]})))
      (br $next))
    (unreachable))`;

/** What a player has beside its imports and its callbacks. */
export const playing = `
  (global $end (mut i32) (i32.const 0))
  (global $free (mut i32) (i32.const ${freeAt}))
  (global $kept (mut i32) (i32.const ${keptAt}))
  (global $speaks (mut i32) (i32.const 0))
  (global $program (mut i32) (i32.const 0))
  (global $last (mut i32) (i32.const 0))
  (func (export "malloc") (param $size i32) (result i32)
    (local $at i32)
    (local.set $at (global.get $free))
    (global.set $free (i32.and (i32.add (i32.add (local.get $at) (local.get $size)) (i32.const 15)) (i32.const -8)))
    (local.get $at))
  ${[lines, saying, contexts, passing, answers, play].join("\n")}`;
