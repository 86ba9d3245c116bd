import { Body } from "as-proxy-wasm";
import { Script } from "./script";

enum BodyOp {
  Size,
  Read,
  Replace,
  Append,
  Prepend,
  ReplaceEach,
  AddTrailer,
}

export function runBodyOp(script: Script, body: Body): void {
  switch (script.code()) {
    case BodyOp.Size:
      return script.sayNumber(body.size);
    case BodyOp.Read:
      return script.say(body.read(script.int(), script.int()));
    case BodyOp.Replace:
      return script.sayFlag(body.replace(script.bytes()));
    case BodyOp.Append:
      return script.sayFlag(body.append(script.bytes()));
    case BodyOp.Prepend:
      return script.sayFlag(body.prepend(script.bytes()));
    case BodyOp.ReplaceEach:
      return script.sayNumber(body.replaceEach(script.bytes(), script.bytes()));
    default:
      return script.sayFlag(body.addTrailer(script.bytes(), script.bytes()));
  }
}
