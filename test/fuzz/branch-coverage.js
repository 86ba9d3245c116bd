import binaryen from "assemblyscript/binaryen";

/** Where the guest notes its branches: below the compiler's own data, which `--memoryBase` moves up. */
export const notesAt = 1024;
/** Where the guest finds the number of the bug that is to bite, when bugs were planted in it. */
export const plantedAt = 1016;
const record = "~coverage/record";
const sdk = "~lib/as-proxy-wasm/assembly/";
const shortened = (name) => (name.startsWith(sdk) ? name.slice(sdk.length) : name);

/**
 * An asc transform that makes a module note which outcomes its branches in the SDK had: for branch `i`, the byte at
 * `notesAt + 2 * i` is set when its condition was false, and the next one when it was true. What the compiler adds by
 * itself and can only end in an abort is left out. The branches' names are in `branches` after the compilation.
 */
export default class BranchCoverage {
  static branches = [];

  afterInitialize(program) {
    const paths = [...program.filesByName.values()].map(({ source }) => source.internalPath);
    this.files = new Set(paths.filter((path) => path.startsWith(sdk)).map((path) => path.slice(sdk.length)));
  }

  afterCompile(module) {
    BranchCoverage.branches = [];
    for (let i = 0; i < module.getNumFunctions(); i++) {
      const { name, body } = binaryen.getFunctionInfo(module.getFunctionByIndex(i));
      const isInstrumented = body !== 0 && this.isOfSdk(name); // an import has no body
      if (isInstrumented) new FunctionBranches(module, name).instrument(body);
    }
    if (BranchCoverage.branches.length === 0) throw new Error("no function of the SDK was found");
    addRecorder(module);
  }

  /** Whether a function's name, `json/parser/JsonParser#peek`, begins with a file of the SDK. */
  isOfSdk(fullName) {
    const name = shortened(fullName);
    if (name.endsWith("@override")) return false; // the compiler's choice among the classes that there are
    const [first, second] = name.split("/");
    return this.files.has(first) || this.files.has(`${first}/${second}`);
  }
}

/** `record(branch, outcome)` notes an outcome and returns it. */
function addRecorder(module) {
  const outcome = () => module.local.get(1, binaryen.i32);
  const isTrue = module.i32.ne(outcome(), module.i32.const(0));
  const branch = module.i32.shl(module.local.get(0, binaryen.i32), module.i32.const(1));
  const note = module.i32.store8(notesAt, 1, module.i32.add(branch, isTrue), module.i32.const(1));
  const body = module.block(null, [note, outcome()], binaryen.i32);
  const parameters = binaryen.createType([binaryen.i32, binaryen.i32]);
  module.addFunction(record, parameters, binaryen.i32, [], body);
}

const branching = new Map([
  [binaryen.IfId, binaryen.If],
  [binaryen.BreakId, binaryen.Break],
  [binaryen.SelectId, binaryen.Select],
]);

class FunctionBranches {
  constructor(module, name) {
    this.module = module;
    this.name = name;
    this.count = 0;
  }

  instrument(expression) {
    const info = infoOf(expression);
    for (const child of childrenOf(info)) this.instrument(child);
    const kind = branching.get(info.id);
    if (kind === undefined || !info.condition || guardsAnAbort(info) || this.isCompilersOwn(info)) return;
    const branch = BranchCoverage.branches.push(`${shortened(this.name)} #${++this.count}`) - 1;
    const noted = [this.module.i32.const(branch), info.condition];
    kind(expression).condition = this.module.call(record, noted, binaryen.i32);
  }

  /** A constructor allocates its object unless a derived class has. */
  isCompilersOwn({ condition }) {
    if (!this.name.endsWith("#constructor")) return false;
    const { id, op, value } = infoOf(condition);
    const operand = id === binaryen.UnaryId && op === binaryen.EqZInt32 ? infoOf(value) : {};
    return operand.id === binaryen.LocalGetId && operand.index === 0;
  }
}

const childKeys =
  "condition ifTrue ifFalse body value ptr expected replacement left right target delta size source dest vec".split(
    " ",
  );

function childrenOf(info) {
  if (info.id === binaryen.ConstId) return []; // its value is a number, not an expression
  const single = childKeys
    .map((key) => info[key])
    .filter((child) => typeof child === "number" && child !== 0);
  return [...single, ...(info.operands ?? []), ...(info.children ?? [])];
}

/** binaryen knows nothing of expressions that have no parts. */
function infoOf(expression) {
  const id = binaryen.getExpressionId(expression);
  const isBare = id === binaryen.UnreachableId || id === binaryen.NopId || id === binaryen.MemorySizeId;
  return isBare ? { id } : binaryen.getExpressionInfo(expression);
}

function guardsAnAbort({ ifTrue, ifFalse }) {
  return [ifTrue, ifFalse].some((arm) => arm && callsAbort(arm));
}

function callsAbort(expression) {
  const info = infoOf(expression);
  if (info.id === binaryen.CallId) return /\/abort$/.test(info.target);
  return (
    info.id === binaryen.UnreachableId || (info.id === binaryen.BlockId && info.children.some(callsAbort))
  );
}
