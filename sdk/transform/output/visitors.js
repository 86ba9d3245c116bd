import { ElementKind } from "assemblyscript";
import binaryen from "assemblyscript/binaryen";
import { addSegment } from "./segments.js";

const VISIT_MEMBERS = "~lib/rt/__visit_members";

/** In a row of the table: by its own visitor, whose number stands in the other bits. */
const CUSTOM = 1 << 31;

const CLASS_OFFSET = -8; // from an object, see `sdk/assembly/runtime/blocks.ts`
const MOST_WORDS = 31;

const { i32, none } = binaryen;
const [OBJECT, COOKIE, ROW] = [0, 1, 2]; // the function's locals

/**
 * Replaces the compiler's visitor of an object's members, some ten bytes of code for each field that refers to another
 * object, by a table: for each class a bit for each of its words that do. Classes whose members are found in another way,
 * such as arrays, keep the visitor that the compiler has made of their `__visit`, one for all that are alike.
 */
export function tabulateVisitors(module, program) {
  if (module.getFunction(VISIT_MEMBERS) === 0) return;
  const custom = new Map();
  const rows = [...program.managedClasses.values()].map((type) => rowOf(type, custom));
  const table = addSegment(module, new Uint8Array(Int32Array.from(rows).buffer));
  module.removeFunction(VISIT_MEMBERS);
  const visit = program.visitInstance.internalName;
  const body = module.block(null, [
    module.local.set(ROW, loadRow(module, table)),
    module.if(
      module.i32.lt_s(module.local.get(ROW, i32), module.i32.const(0)),
      callCustom(module, [...custom.values()]),
    ),
    visitWords(module, visit),
  ]);
  module.addFunction(VISIT_MEMBERS, binaryen.createType([i32, i32]), none, [i32], body);
}

function rowOf(type, custom) {
  if (type.isPointerfree) return 0;
  const offsets = ancestry(type).flatMap(referringOffsets);
  if (!ancestry(type).some(hasVisitor) && offsets.every((offset) => offset < MOST_WORDS * 4))
    return offsets.reduce((row, offset) => row | (1 << (offset / 4)), 0);
  const key = likeness(type);
  if (!custom.has(key)) custom.set(key, { number: custom.size, visitor: `${type.internalName}~visit` });
  return CUSTOM | custom.get(key).number;
}

function ancestry(type) {
  return type === null ? [] : [type, ...ancestry(type.base)];
}

/** As the compiler looks for them. */
function hasVisitor(type) {
  return type.isDeclaredInLibrary && type.getMember("__visit") !== null;
}

function referringOffsets(type) {
  return [...(type.members?.values() ?? [])]
    .filter(({ kind }) => kind === ElementKind.PropertyPrototype)
    .map(({ instance }) => instance)
    .filter((property) => property?.isField && property.getBoundClassOrInterface() === type)
    .filter((property) => property.type.isManaged)
    .map(({ memoryOffset }) => memoryOffset);
}

/** What two classes have in common whose visitors do the same: what they are made of, and for types of which kind. */
function likeness({ prototype, typeArguments }) {
  const kinds = (typeArguments ?? []).map(({ isManaged, size }) => (isManaged ? "object" : size));
  return `${prototype.internalName}<${kinds}>`;
}

function loadRow(module, table) {
  const classId = module.i32.load(
    0,
    4,
    module.i32.add(module.local.get(OBJECT, i32), module.i32.const(CLASS_OFFSET)),
  );
  return module.i32.load(table, 4, module.i32.shl(classId, module.i32.const(2)));
}

/** One visitor by its number, and then the end of the function. */
function callCustom(module, custom) {
  const names = custom.map(({ number }) => `custom${number}`);
  if (names.length === 0) return module.unreachable();
  const number = module.i32.and(module.local.get(ROW, i32), module.i32.const(~CUSTOM));
  let code = module.switch(names, names[0], number);
  for (const { number: at, visitor } of custom) {
    const parameters = [module.local.get(OBJECT, i32), module.local.get(COOKIE, i32)];
    code = module.block(null, [
      module.block(names[at], [code]),
      module.call(visitor, parameters, none),
      module.return(),
    ]);
  }
  return code;
}

/** Each word whose bit is set in the row. */
function visitWords(module, visit) {
  const row = () => module.local.get(ROW, i32);
  const place = module.i32.shl(module.i32.ctz(row()), module.i32.const(2));
  const member = module.i32.load(0, 4, module.i32.add(module.local.get(OBJECT, i32), place));
  return module.loop(
    "words",
    module.if(
      row(),
      module.block(null, [
        module.call(visit, [member, module.local.get(COOKIE, i32)], none),
        module.local.set(ROW, module.i32.and(row(), module.i32.sub(row(), module.i32.const(1)))),
        module.br("words"),
      ]),
    ),
  );
}
