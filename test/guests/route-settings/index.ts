import {
  Action,
  Bytes,
  Configuration,
  HttpFilter,
  httpFilter,
  JsonObject,
  RequestHeaders,
  utf8,
} from "as-proxy-wasm";

let decoded = 0;

/** What a route may say. */
class Settings extends Configuration {
  text: Bytes = Bytes.EMPTY;
  number: i64 = 0;
  isOn: bool = false;
  words: Bytes[] = [];

  read(json: JsonObject): void {
    decoded++;
    this.text = json.bytesOr("text", Bytes.EMPTY);
    this.number = json.integerOr("number", -1000, 1000, 0);
    this.isOn = json.booleanOr("on", false);
    const words = json.arrayOrEmpty("words");
    for (let i = 0; i < words.length; i++) this.words.push(words.object(i).bytes("word"));
  }
}

/** Tells the upstream what the route's settings are, in `x-settings`, and how often any were decoded, in `x-decoded`. */
@httpFilter("route-settings")
export class RouteSettings extends HttpFilter {
  onRequestHeaders(headers: RequestHeaders, endOfStream: bool): Action {
    headers.set(utf8("x-settings"), Bytes.fromString(this.describe()));
    headers.set(utf8("x-decoded"), Bytes.fromString(decoded.toString()));
    return Action.Continue;
  }

  private describe(): string {
    const config = this.routeConfig<Settings>();
    if (config === null) return "none";
    const settings = config.settings;
    if (settings === null) return "refused: " + config.problem!;
    let text = settings.text.toString() + " " + settings.number.toString() + " " + settings.isOn.toString();
    for (let i = 0; i < settings.words.length; i++) text += " " + settings.words[i].toString();
    return text;
  }
}
