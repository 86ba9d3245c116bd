const CONST_32 = 0x41;
const CONST_64 = 0x42;
const UNREACHABLE = 0x00;
const CALL = 0x10;
const CALL_INDIRECT = 0x11;

/** Kinds of operands: numbers in LEB128, or so many bytes. */
const numbers = (count) => (reader) => {
  for (let i = 0; i < count; i++) reader.number();
};
const bytes = (count) => (reader) => reader.take(count);
const list = (more) => (reader) => numbers(reader.number() + more)(reader);
const addressAnd = (operand) => (reader) => {
  numbers(2)(reader);
  operand(reader);
};
const none = () => undefined;

/** The operands of the instructions from one number to another. Source: WebAssembly 2.0, "Instructions". */
const PLAIN = [
  [0x00, 0x01, none],
  [0x02, 0x04, numbers(1)],
  [0x05, 0x05, none],
  [0x0b, 0x0b, none],
  [0x0c, 0x0d, numbers(1)],
  [0x0e, 0x0e, list(1)],
  [0x0f, 0x0f, none],
  [0x10, 0x10, numbers(1)],
  [0x11, 0x11, numbers(2)],
  [0x1a, 0x1b, none],
  [0x1c, 0x1c, list(0)],
  [0x20, 0x26, numbers(1)],
  [0x28, 0x3e, numbers(2)],
  [0x3f, 0x42, numbers(1)],
  [0x43, 0x43, bytes(4)],
  [0x44, 0x44, bytes(8)],
  [0x45, 0xc4, none],
  [0xd0, 0xd0, numbers(1)],
  [0xd1, 0xd1, none],
  [0xd2, 0xd2, numbers(1)],
];
const BULK = [
  [0, 7, none],
  [8, 8, numbers(2)],
  [9, 9, numbers(1)],
  [10, 10, numbers(2)],
  [11, 11, numbers(1)],
  [12, 12, numbers(2)],
  [13, 13, numbers(1)],
  [14, 14, numbers(2)],
  [15, 17, numbers(1)],
];
const VECTORS = [
  [0, 11, numbers(2)],
  [12, 13, bytes(16)],
  [14, 20, none],
  [21, 34, bytes(1)],
  [35, 83, none],
  [84, 91, addressAnd(bytes(1))],
  [92, 93, numbers(2)],
  [94, 255, none],
];

/** What a function's body, without its length, says of traps: whether an instruction of it does, and whom it calls. */
export function readBody(reader) {
  const body = { traps: false, calls: [] };
  for (let groups = reader.number(); groups > 0; groups--) numbers(2)(reader);
  let divisor = 0; // the constant that stands before the instruction, 0 when none does
  while (!reader.isAtEnd) {
    const [code] = reader.take(1);
    if (code === UNREACHABLE || code === CALL_INDIRECT) body.traps = true;
    if (isDivision(code) && (divisor === 0 || divisor === -1)) body.traps = true;
    if (isTruncation(code)) body.traps = true;
    const at = reader.at;
    if (code === CALL) body.calls.push(reader.number());
    else skipOperands(code, reader);
    divisor =
      code === CONST_32 || code === CONST_64 ? smallConstant(reader.bytes.subarray(at, reader.at)) : 0;
  }
  return body;
}

function skipOperands(code, reader) {
  if (code === 0xfc) return operandsOf(BULK, reader.number())(reader);
  if (code === 0xfd) return operandsOf(VECTORS, reader.number())(reader);
  return operandsOf(PLAIN, code)(reader);
}

function operandsOf(table, code) {
  const row = table.find(([first, last]) => code >= first && code <= last);
  if (row === undefined) throw new RangeError(`no instruction has the number ${code}`);
  return row[2];
}

/** Of a constant only whether it is 0 or -1 matters. */
function smallConstant(encoded) {
  if (encoded.length > 1) return 1;
  return encoded[0] === 0x7f ? -1 : encoded[0];
}

function isDivision(code) {
  return (code >= 0x6d && code <= 0x70) || (code >= 0x7f && code <= 0x82);
}

/** From a floating-point number to a whole one, without saturation. */
function isTruncation(code) {
  return (code >= 0xa8 && code <= 0xab) || (code >= 0xae && code <= 0xb1);
}
