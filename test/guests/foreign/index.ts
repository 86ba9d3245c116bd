import {
  Action,
  Bytes,
  callForeignFunction,
  CelExpression,
  clearRouteCache,
  compress,
  Configuration,
  Counter,
  declareProperty,
  getProperty,
  HttpFilter,
  httpFilter,
  JsonObject,
  LifeSpan,
  log,
  Plugin,
  PropertyDeclaration,
  PropertyType,
  properties,
  RequestHeaders,
  setEnvoyFilterState,
  setProperty,
  sign,
  Timer,
  uncompress,
  utf8,
  verifySignature,
} from "as-proxy-wasm";

/** Keys in PEM, for signatures. */
class Keys extends Configuration {
  publicKey: Bytes = Bytes.EMPTY;
  privateKey: Bytes = Bytes.EMPTY;
  hash: string = "";
  /** `"declare"`: a property that can be set once only. */
  declared: Bytes = Bytes.EMPTY;
  /** `"span"`: for how long that property, and objects, are kept. */
  span: LifeSpan = LifeSpan.FilterChain;
  /** `"schema"`: of a property "flat" of FlatBuffers. */
  schema: Bytes | null = null;
  /** `"without_stream"`: calls what is about a stream where there is none, when the plugin is configured and by a timer. */
  isWithoutStream: bool = false;

  read(json: JsonObject): void {
    this.publicKey = json.bytesOr("public_key", Bytes.EMPTY);
    this.privateKey = json.bytesOr("private_key", Bytes.EMPTY);
    this.hash = json.stringOr("hash", "sha256");
    this.isWithoutStream = json.booleanOr("without_stream", false);
    this.declared = json.bytesOr("declare", Bytes.EMPTY);
    if (json.has("schema")) this.schema = json.bytes("schema");
    this.span = <LifeSpan>json.integerOr("span", 0, 2, LifeSpan.FilterChain);
  }
}

const ticked = new Counter("foreign.ticked");

class Later extends Timer {
  onTime(): void {
    callWithoutStream();
    ticked.increment();
  }
}

class ForeignPlugin extends Plugin<Keys> {
  onConfigured(): void {
    if (this.config.isWithoutStream) {
      callWithoutStream();
      this.after(1, new Later());
    }
    this.declareFlatBuffers();
    const name = this.config.declared;
    if (name.length == 0) return;
    const declaration = new PropertyDeclaration();
    declaration.isReadOnly = true;
    declaration.span = this.config.span;
    const first = declareProperty(name, declaration);
    log.info("declared " + first.toString() + " " + declareProperty(name, declaration).toString());
  }

  private declareFlatBuffers(): void {
    const schema = this.config.schema;
    if (schema === null) return;
    const declaration = new PropertyDeclaration();
    declaration.type = PropertyType.FlatBuffers;
    declaration.schema = schema;
    log.info("FlatBuffers " + declareProperty(utf8("flat"), declaration).toString());
  }
}

/** Calls the foreign functions that the request's `x-do` names, with `x-value`, and logs what comes of it. */
@httpFilter("foreign")
export class Foreign extends HttpFilter<Keys, ForeignPlugin> {
  private asked: string = "";
  private value: Bytes = Bytes.EMPTY;

  onRequestHeaders(headers: RequestHeaders, endOfStream: bool): Action {
    const asked = headers.get(utf8("x-do"));
    const value = headers.get(utf8("x-value"));
    if (asked !== null) this.asked = asked.toString();
    if (value !== null) this.value = value.copy();
    if (this.asked == "route") headers.set(utf8(":path"), this.value);
    this.act();
    return Action.Continue;
  }

  onLog(): void {
    if (this.asked == "route") show(properties.xds.routeName());
    else if (this.asked != "sign") this.act();
  }

  private act(): void {
    if (this.asked == "zlib") this.roundTrip();
    else if (this.asked == "uncompress") show(uncompress(this.value));
    else if (this.asked == "sign") this.sign();
    else if (this.asked == "route") this.route();
    else if (this.asked == "cel") this.evaluate();
    else if (this.asked == "state")
      log.info(
        setEnvoyFilterState(this.value, utf8("x"), this.config.span).toString() + " " + this.filterState(),
      );
    else if (this.asked == "flat") {
      setProperty(utf8("flat"), this.value);
      show(getProperty(utf8("filter_state\0wasm.flat")));
    } else if (this.asked == "read") log.info(this.filterState());
    else if (this.asked == "set")
      log.info(
        setProperty(this.value, utf8("1")).toString() + " " + setProperty(this.value, utf8("2")).toString(),
      );
    else log.info(callForeignFunction(this.asked, this.value).status.toString());
  }

  private roundTrip(): void {
    const compressed = compress(this.value);
    show(compressed === null ? null : uncompress(compressed));
    log.info((compressed !== null && compressed.length < this.value.length).toString());
  }

  private sign(): void {
    const config = this.config;
    const signature = sign(config.hash, config.privateKey, this.value);
    if (signature === null) return;
    const other = utf8("another text");
    log.info(verifySignature(config.hash, config.publicKey, signature, this.value).toString());
    log.info(verifySignature(config.hash, config.publicKey, signature, other).toString());
    log.info(verifySignature(config.hash, config.privateKey, signature, this.value).toString());
    log.info(verifySignature(config.hash, Bytes.EMPTY, signature, this.value).toString());
  }

  private route(): void {
    show(properties.xds.routeName());
    log.info(clearRouteCache().toString());
    show(properties.xds.routeName());
  }

  private evaluate(): void {
    const expression = CelExpression.parse(this.value);
    if (expression === null) {
      log.info("no expression");
      return;
    }
    show(expression.evaluate());
    expression.delete();
    show(expression.evaluate());
  }

  private filterState(): string {
    const value = getProperty(utf8("filter_state\0").concat(this.value));
    return value === null ? "absent" : "<" + value.toString() + ">";
  }
}

function callWithoutStream(): void {
  log.info("clear " + clearRouteCache().toString());
  log.info("state " + setEnvoyFilterState(utf8("envoy.string"), utf8("x")).toString());
  log.info("set " + setProperty(utf8("mine"), utf8("x")).toString());
  show(properties.xds.routeName());
  const expression = CelExpression.parse(utf8("request.method"));
  if (expression !== null) show(expression.evaluate());
}

function show(bytes: Bytes | null): void {
  log.info(bytes === null ? "absent" : "<" + bytes.toString() + ">");
}
