import {
  Bytes,
  FieldList,
  HttpFields,
  RequestHeaders,
  RequestTrailers,
  ResponseHeaders,
  ResponseTrailers,
} from "as-proxy-wasm";
import { Script } from "./script";

const requestHeaders = new RequestHeaders();
const requestTrailers = new RequestTrailers();
const responseHeaders = new ResponseHeaders();
const responseTrailers = new ResponseTrailers();

enum FieldsOp {
  Size,
  Get,
  GetAll,
  Has,
  At,
  Names,
  Add,
  Set,
  Remove,
  ReplaceAll,
}

export function runFieldsOp(script: Script): void {
  const op = script.code();
  const fields = fieldsOf(script.code());
  switch (op) {
    case FieldsOp.Size:
      return script.sayNumber(fields.size);
    case FieldsOp.Get:
      return script.sayMaybe(fields.get(script.bytes()));
    case FieldsOp.GetAll:
      return script.sayAll(fields.getAll(script.bytes()));
    case FieldsOp.Has:
      return script.sayFlag(fields.has(script.bytes()));
    case FieldsOp.At: {
      const index = script.int();
      return script.sayAll([fields.nameAt(index), fields.valueAt(index)]);
    }
    case FieldsOp.Names:
      return script.sayAll(fields.names());
    case FieldsOp.Add:
      return script.sayFlag(fields.add(script.bytes(), script.bytes()));
    case FieldsOp.Set:
      return script.sayFlag(fields.set(script.bytes(), script.bytes()));
    case FieldsOp.Remove:
      return script.sayFlag(fields.remove(script.bytes()));
    default:
      return replaceAll(script, fields);
  }
}

/** One list behind a copy of itself, as often as the script says. */
function replaceAll(script: Script, fields: HttpFields): void {
  const list = new FieldList();
  const more = new FieldList();
  script.addTo(more);
  let areAdded = true;
  for (let times = script.int(); times > 0; times--) areAdded = list.addAll(more) && areAdded;
  script.sayFlag(fields.replaceAll(list) && areAdded);
}

function fieldsOf(map: i32): HttpFields {
  if (map == 0) return requestHeaders;
  if (map == 1) return requestTrailers;
  return map == 2 ? responseHeaders : responseTrailers;
}

/** All fields of a list, to be reported. */
export function allOf(fields: HttpFields): Bytes[] {
  const all: Bytes[] = [];
  for (let i = 0; i < fields.size; i++) {
    all.push(fields.nameAt(i));
    all.push(fields.valueAt(i));
  }
  return all;
}
