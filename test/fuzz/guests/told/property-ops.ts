import {
  booleanAt,
  Bytes,
  Configuration,
  doubleAt,
  getProperty,
  integerAt,
  JsonObject,
  properties,
  setProperty,
} from "as-proxy-wasm";
import { Told } from "./index";
import { Script } from "./script";

enum PropertyOp {
  Get,
  Set,
  Integer,
  Double,
  Boolean,
  Typed,
  Route,
}

export function runPropertyOp(script: Script, filter: Told | null): void {
  const op = script.code();
  const path = script.bytes();
  switch (op) {
    case PropertyOp.Get:
      return script.sayMaybe(getProperty(path));
    case PropertyOp.Set:
      return script.sayFlag(setProperty(path, script.bytes()));
    case PropertyOp.Integer:
      return script.sayNumber(integerAt(path, 7));
    case PropertyOp.Double:
      return script.sayNumber(reinterpret<i64>(doubleAt(path, 7)));
    case PropertyOp.Boolean:
      return script.sayFlag(booleanAt(path, true));
    case PropertyOp.Typed:
      return script.sayAll(typed(path));
    default:
      if (filter !== null) sayRoute(script, filter);
  }
}

/** Some of the typed properties, of every type. */
function typed(name: Bytes): Bytes[] {
  const texts: (Bytes | null)[] = [
    properties.request.path(),
    properties.request.header(name),
    properties.response.header(name),
    properties.source.address(),
    properties.upstream.tlsVersion(),
    properties.xds.nodeId(),
  ];
  const all: Bytes[] = [];
  for (let i = 0; i < texts.length; i++) {
    const text = texts[i];
    if (text !== null) all.push(text);
  }
  all.push(Bytes.fromInteger(properties.request.sizeOr(-1)));
  all.push(Bytes.fromInteger(properties.destination.portOr(-1)));
  all.push(Bytes.fromInteger(properties.connection.isMutualTlsOr(true)));
  return all;
}

/** What a route may say. */
class Settings extends Configuration {
  text: string = "";
  number: i64 = 0;

  read(json: JsonObject): void {
    this.text = json.stringOr("text", "or");
    this.number = json.integerOr("number", -1_000, 1_000, 0);
    const words = json.arrayOrEmpty("words");
    for (let i = 0; i < words.length; i++) this.text += words.string(i);
  }
}

/** Other settings, decoded from the same metadata. */
class OtherSettings extends Configuration {
  read(json: JsonObject): void {
    json.booleanOr("on", false);
  }
}

function sayRoute(script: Script, filter: Told): void {
  filter.routeConfig<OtherSettings>();
  const config = filter.routeConfig<Settings>();
  if (config === null) return script.sayText("none");
  const settings = config.settings;
  if (settings === null) return script.sayText("refused");
  script.sayText("=" + settings.number.toString() + " " + settings.text);
}
