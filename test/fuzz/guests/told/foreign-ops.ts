import {
  Bytes,
  callForeignFunction,
  CelExpression,
  clearRouteCache,
  compress,
  currentTimeNanos,
  declareProperty,
  log,
  LogLevel,
  PropertyDeclaration,
  PropertyType,
  setEnvoyFilterState,
  sign,
  uncompress,
  verifySignature,
} from "as-proxy-wasm";
import { Script } from "./script";

const began = currentTimeNanos();
log.debug("told is initialised");

enum ForeignOp {
  Call,
  Compress,
  Uncompress,
  ClearRouteCache,
  SetFilterState,
  Declare,
  Verify,
  Sign,
  Evaluate,
  Log,
  Platform,
}

export function runForeignOp(script: Script): void {
  const op = script.code();
  const a = script.bytes();
  switch (op) {
    case ForeignOp.Call:
      return script.sayMaybe(callForeignFunction(a.toString(), script.bytes()).orNull);
    case ForeignOp.Compress:
      return script.sayMaybe(compress(a));
    case ForeignOp.Uncompress:
      return script.sayMaybe(uncompress(a));
    case ForeignOp.ClearRouteCache:
      return script.sayFlag(clearRouteCache());
    case ForeignOp.SetFilterState:
      return script.sayFlag(setEnvoyFilterState(a, script.bytes()));
    case ForeignOp.Declare: {
      const declaration = new PropertyDeclaration();
      declaration.schema = script.bytes();
      declaration.isReadOnly = script.flag();
      if (script.flag()) declaration.type = PropertyType.FlatBuffers;
      return script.sayFlag(declareProperty(a, declaration));
    }
    case ForeignOp.Verify:
      return script.sayFlag(verifySignature("sha256", a, script.bytes(), script.bytes()));
    case ForeignOp.Sign:
      return script.sayMaybe(sign("sha256", a, script.bytes()));
    case ForeignOp.Evaluate:
      return evaluate(script, a);
    case ForeignOp.Log:
      return logAll(a.toString());
    default:
      return usePlatform(script, a.toString());
  }
}

function evaluate(script: Script, text: Bytes): void {
  const expression = CelExpression.parse(text);
  if (expression === null) return script.sayText("null");
  script.sayMaybe(expression.evaluate());
  expression.delete();
}

function logAll(text: string): void {
  log.trace(text);
  log.debug(text);
  log.warn(text);
  log.error(text);
  log.critical(text);
  if (log.isOn(LogLevel.Trace)) log.write(LogLevel.Trace, text);
}

function usePlatform(script: Script, text: string): void {
  console.assert(text.length > 3, text);
  console.warn(text);
  trace(text, text.length, 1, 2, 3, 4, 5);
  const random = new Uint8Array(text.length);
  crypto.getRandomValues(random);
  const isSound =
    Math.random() >= 0 && Date.now() >= 0 && performance.now() >= 0 && currentTimeNanos() >= began;
  script.sayFlag(isSound);
}
