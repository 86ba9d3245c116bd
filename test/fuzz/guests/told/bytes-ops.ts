import { Bytes, isHeaderName, isHeaderValue, Pairs } from "as-proxy-wasm";
import { encodeLabel } from "as-proxy-wasm/assembly/metrics/label-values";
import { wholeNumber } from "as-proxy-wasm/assembly/bytes/numbers";
import { replaceEach } from "as-proxy-wasm/assembly/bytes/replacement";
import { Script } from "./script";

enum BytesOp {
  Equals,
  EqualsConstantTime,
  EqualsIgnoreCase,
  StartsWith,
  EndsWith,
  IndexOf,
  Slice,
  Trim,
  Concat,
  At,
  HashesAlike,
  Decode,
  Encode,
  FromInteger,
  WholeNumber,
  IsHeaderName,
  IsHeaderValue,
  ReplaceEach,
  Label,
  Pairs,
}

export function runBytesOp(script: Script): void {
  const op = script.code();
  const a = script.bytes();
  switch (op) {
    case BytesOp.Equals:
      return script.sayFlag(a.equals(script.bytes()));
    case BytesOp.EqualsConstantTime:
      return script.sayFlag(a.equalsConstantTime(script.bytes()));
    case BytesOp.EqualsIgnoreCase:
      return script.sayFlag(a.equalsIgnoreCase(script.bytes()));
    case BytesOp.StartsWith:
      return script.sayFlag(a.startsWith(script.bytes()));
    case BytesOp.EndsWith:
      return script.sayFlag(a.endsWith(script.bytes()));
    case BytesOp.IndexOf:
      return script.sayNumber(a.indexOf(script.bytes(), script.int()));
    case BytesOp.Slice:
      return script.say(a.slice(script.int(), script.int()));
    case BytesOp.Trim:
      return script.say(a.trim());
    case BytesOp.Concat:
      return script.say(a.concat(script.bytes()));
    case BytesOp.At:
      return script.sayNumber(a[script.int()]);
    case BytesOp.HashesAlike:
      return script.sayFlag(a.hash() == a.copy().hash());
    case BytesOp.Decode:
      return script.sayText(a.toString());
    case BytesOp.Encode:
      return script.sayText(script.text16());
    case BytesOp.FromInteger:
      return script.sayNumber(script.long());
    case BytesOp.WholeNumber:
      return script.sayNumber(wholeNumber(a));
    case BytesOp.IsHeaderName:
      return script.sayFlag(isHeaderName(a));
    case BytesOp.IsHeaderValue:
      return script.sayFlag(isHeaderValue(a));
    case BytesOp.ReplaceEach:
      return sayReplaced(script, a);
    case BytesOp.Label:
      return script.sayText(encodeLabel("label", a));
    default:
      return sayPairs(script, a);
  }
}

function sayReplaced(script: Script, source: Bytes): void {
  const replaced = replaceEach(source, script.bytes(), script.bytes());
  script.sayMaybe(replaced === null ? null : replaced.bytes);
}

/** Every name and value, then where each name is found first, from the last pair to the first. */
function sayPairs(script: Script, block: Bytes): void {
  const pairs = Pairs.parse(block);
  if (pairs === null) return script.sayText("malformed");
  const all: Bytes[] = [];
  for (let i = 0; i < pairs.count; i++) {
    all.push(pairs.nameAt(i));
    all.push(pairs.valueAt(i));
  }
  for (let i = pairs.count; i >= -1; i--) all.push(Bytes.fromInteger(pairs.indexOf(pairs.nameAt(i))));
  script.sayAll(all);
}
