import { Reader } from "../module/reader.ts";
import { ringEntries } from "./call-graph.ts";
import { budgetCheck, bulkCharge, growthNote, leafCheck, type Added, type CheckLocals } from "./checks.ts";
import { count } from "./counters.ts";
import { u32 } from "./encoding.ts";
import type { FunctionBody } from "./function-body.ts";
import type { ModuleLayout } from "./module-layout.ts";
import { lengthOf, type Piece } from "./offset-map.ts";

/**
 * The functions of a module, as the content of its code section without their number, with checks in each, and counters
 * at the offsets at which code is to be counted, which are in order.
 */
export function checkedFunctions(layout: ModuleLayout, added: Added, counted: readonly number[]): Piece[] {
  const { bodies, imported, functions, types, targets } = layout;
  const entries = ringEntries({ bodies, importCount: imported.function, targets });
  const counters = counted.map((at, i) => ({ at, code: count(added.counters, i) }));
  let nextCounter = 0;
  return bodies.flatMap((body, i) => {
    const number = imported.function + i;
    const parameters = types[functions[number] ?? -1]?.indexOf(">") ?? 0;
    const first = parameters + body.localCount;
    const additions = additionsTo(body, entries.has(number), {
      added,
      locals: { scratch: first, turns: first + 1 },
    });
    const firstCounter = nextCounter;
    while ((counted[nextCounter] ?? Infinity) < body.end) nextCounter++;
    const all = [...additions, ...counters.slice(firstCounter, nextCounter)];
    return checkedFunction(
      layout.bytes,
      body,
      all.sort((left, right) => left.at - right.at),
    );
  });
}

/** Code that is put before what stands at an offset. */
interface Addition {
  readonly at: number;
  readonly code: readonly number[];
}

function additionsTo(
  { loops, bulkOperations, growths, firstInstruction }: FunctionBody,
  isEntry: boolean,
  { added, locals }: { added: Added; locals: CheckLocals },
): Addition[] {
  return [
    ...loops.map(({ inside, isLeaf }) => ({
      at: inside,
      code: isLeaf ? leafCheck(added, locals) : budgetCheck(added, locals),
    })),
    ...bulkOperations.map((at) => ({ at, code: bulkCharge(added, locals) })),
    ...growths.map((at) => ({ at, code: growthNote(added, locals) })),
    ...(isEntry ? [{ at: firstInstruction, code: budgetCheck(added, locals) }] : []),
  ];
}

function checkedFunction(bytes: Uint8Array, body: FunctionBody, additions: readonly Addition[]): Piece[] {
  const asIs = (from: number, to: number): Piece => ({
    bytes: bytes.subarray(from, to),
    origin: from,
    isNew: false,
  });
  const pieces = additions.length === 0 ? [asIs(body.start, body.end)] : withTwoMoreLocals(bytes, body);
  let from = additions.length === 0 ? body.end : body.firstInstruction;
  for (const { at, code } of additions) {
    pieces.push(asIs(from, at), { bytes: code, origin: at, isNew: true });
    from = at;
  }
  pieces.push(asIs(from, body.end));
  return [{ bytes: u32(lengthOf(pieces)), origin: body.start, isNew: true }, ...pieces];
}

function withTwoMoreLocals(bytes: Uint8Array, { start, firstInstruction }: FunctionBody): Piece[] {
  const reader = new Reader(bytes, start);
  const groups = reader.u32();
  const declared = bytes.subarray(reader.offset, firstInstruction);
  return [
    { bytes: u32(groups + 1), origin: start, isNew: true },
    { bytes: declared, origin: reader.offset, isNew: false },
    { bytes: [2, 0x7f], origin: firstInstruction, isNew: true },
  ];
}
