import { proxy_call_foreign_function } from "./abi/imports";
import { lengthSlot, resultBytes, resultSlot } from "./abi/memory";
import { Status } from "./abi/types";
import { Bytes, utf8 } from "./bytes";
import { Callback, runningCallback } from "./callbacks";
import { findContext } from "./contexts";
import { isOwnCallback, runningContextId } from "./effective-context";
import { HttpStream } from "./http/stream";
import { log } from "./logging";
import { ProtobufReader } from "./protobuf/reader";
import { ProtobufWriter } from "./protobuf/writer";
import { Refused, refuse } from "./refusals";

/**
 * What a foreign function answered. Source: proxy-wasm ABI 0.2.1, "Foreign function interface".
 *
 * @category Foreign functions
 */
export class ForeignResult {
  constructor(
    /** `Ok`; `NotFound` when the host has no such function; else what the function makes of it. */
    readonly status: Status,
    /** Its result; no bytes when it has none, or failed. */
    readonly bytes: Bytes,
  ) {}

  /** The result; null when the function failed. */
  get orNull(): Bytes | null {
    return this.status == Status.Ok ? this.bytes : null;
  }
}

/**
 * Calls a function that a host has beside the ABI, by its name. Those of Envoy 1.40 have functions of their own
 * here. Source: proxy-wasm ABI 0.2.1, "Foreign function interface".
 *
 * @category Foreign functions
 */
export function callForeignFunction(name: string, argument: Bytes): ForeignResult {
  const bytes = Bytes.fromString(name);
  const status = proxy_call_foreign_function(
    bytes.start,
    bytes.length,
    argument.start,
    argument.length,
    resultSlot(),
    lengthSlot(),
  );
  return new ForeignResult(status, status == Status.Ok ? resultBytes() : Bytes.EMPTY);
}

/**
 * How long something lives that a filter stores in Envoy.
 *
 * @category Foreign functions
 */
export enum LifeSpan {
  /** As long as the stream. */
  FilterChain = 0,
  /** As long as the client's request, internal redirects included. */
  DownstreamRequest = 1,
  /** As long as the client's connection. */
  DownstreamConnection = 2,
}

/**
 * The bytes in zlib's format (RFC 1950); null when the host cannot. Valid in every callback. Source: Envoy's
 * `compress`.
 *
 * @category Foreign functions
 */
export function compress(bytes: Bytes): Bytes | null {
  return callForeignFunction("compress", bytes).orNull;
}

/**
 * What was compressed in zlib's format; null when it is no such thing. Nothing limits how large it becomes: not for
 * bytes of clients. Valid in every callback. Source: Envoy's `uncompress`.
 *
 * @category Foreign functions
 */
export function uncompress(bytes: Bytes): Bytes | null {
  return callForeignFunction("uncompress", bytes).orNull;
}

/**
 * Lets Envoy choose the route anew when the request goes on, by what it is then; a change of its headers does so by itself.
 * Valid in the callbacks of the request, and in a callout's or timer's of a stream as long as its request is held. Refused,
 * which is logged at error, where no request is on its way to a route any more: Envoy would answer Ok and do nothing.
 * Source: Envoy's `clear_route_cache`.
 *
 * @category Foreign functions
 */
export function clearRouteCache(): bool {
  if (!isRequestOnItsWay())
    return refuse(
      Refused.ClearRouteCache,
      utf8("clear_route_cache"),
      utf8("no request is on its way to a route: call it while a request is held"),
    );
  return callForeignFunction("clear_route_cache", Bytes.EMPTY).status == Status.Ok;
}

/**
 * Stores an object in Envoy's filter state that Envoy's own filters read: `envoy.tcp_proxy.cluster`,
 * `envoy.ratelimit.hits_addend` and so on, made from a text. False when Envoy knows no object of that name, or cannot make
 * one from that text. What already stands there for another span stays, and Envoy says true all the same. For bytes of one's
 * own, `setProperty`. Valid in the callbacks of a stream. Source: Envoy's `set_envoy_filter_state`.
 *
 * @category Foreign functions
 */
export function setEnvoyFilterState(name: Bytes, value: Bytes, span: LifeSpan = LifeSpan.FilterChain): bool {
  const argument = new ProtobufWriter().bytes(1, name).bytes(2, value).varint(3, span).finish();
  return callForeignFunction("set_envoy_filter_state", argument).status == Status.Ok;
}

/**
 * What kind of value a declared property has.
 *
 * @category Foreign functions
 */
export enum PropertyType {
  /** Any bytes. */
  Bytes = 0,
  /** Text in UTF-8. */
  String = 1,
  /** A FlatBuffers message of the declared schema. Envoy believes that a value is one: set none that traffic brings. */
  FlatBuffers = 2,
  /** A protobuf message of the declared type. */
  Protobuf = 3,
}

/**
 * How `setProperty` stores a property; Envoy's defaults otherwise. Source: Envoy's `declare_property`.
 *
 * @category Foreign functions
 */
export class PropertyDeclaration {
  /** Whether it can be set once only. */
  isReadOnly: bool = false;
  /** What kind of value it has. */
  type: PropertyType = PropertyType.Bytes;
  /** Of FlatBuffers the binary schema, as `flatc --binary --schema` makes it, of protobuf the type's URL. */
  schema: Bytes = Bytes.EMPTY;
  /** How long it lives. */
  span: LifeSpan = LifeSpan.FilterChain;
}

/**
 * Declares a property before it is set. False when it is declared already. Refused, which is logged at error, for FlatBuffers
 * without a binary schema: Envoy would end when somebody reads it. Valid in `onConfigured`. Source: Envoy's
 * `declare_property`, and `CelState::exprValue` (`expr/cel_state.cc`).
 *
 * @category Foreign functions
 */
export function declareProperty(name: Bytes, declaration: PropertyDeclaration): bool {
  if (declaration.type == PropertyType.FlatBuffers && !isBinarySchema(declaration.schema))
    return refuse(
      Refused.DeclareProperty,
      utf8("declare_property"),
      utf8(
        "FlatBuffers need the binary schema that `flatc --binary --schema` makes: Envoy would end at a read",
      ),
    );
  const argument = new ProtobufWriter()
    .bytes(1, name)
    .varint(2, declaration.isReadOnly ? 1 : 0)
    .varint(3, declaration.type)
    .bytes(4, declaration.schema)
    .varint(5, declaration.span)
    .finish();
  return callForeignFunction("declare_property", argument).status == Status.Ok;
}

/** By the identifier that stands in such files behind the place of their root. Source: FlatBuffers, `reflection.fbs`. */
function isBinarySchema(bytes: Bytes): bool {
  return bytes.slice(4, 8).equals(utf8("BFBS"));
}

/**
 * Whether a signature of a text is by the key's owner. `hash` is `sha256` and the like; `publicKey` is in DER or
 * PEM. No signature is by the owner of a key, or with a hash, that Envoy cannot use. Valid in every callback. Source:
 * Envoy's `verify_signature`.
 *
 * @category Foreign functions
 */
export function verifySignature(hash: string, publicKey: Bytes, signature: Bytes, text: Bytes): bool {
  const argument = new ProtobufWriter()
    .bytes(1, Bytes.fromString(hash))
    .bytes(isPem(publicKey) ? 5 : 2, publicKey)
    .bytes(3, signature)
    .bytes(4, text)
    .finish();
  const answer = new SignatureAnswer(callForeignFunction("verify_signature", argument), 2);
  return answer.isOk;
}

/**
 * The signature of a text. `privateKey` is in DER or PEM. Null, after a log line at error, when Envoy cannot use
 * key or hash, or is older than 1.37. Valid in every callback. Source: Envoy's `sign`.
 *
 * @category Foreign functions
 */
export function sign(hash: string, privateKey: Bytes, text: Bytes): Bytes | null {
  const argument = new ProtobufWriter()
    .bytes(1, Bytes.fromString(hash))
    .bytes(isPem(privateKey) ? 4 : 2, privateKey)
    .bytes(3, text)
    .finish();
  const answer = new SignatureAnswer(callForeignFunction("sign", argument), 3);
  if (answer.isOk) return answer.signature;
  log.error("a text could not be signed: " + answer.problem);
  return null;
}

/** The answer of `verify_signature` and `sign`: whether it worked, perhaps a signature, perhaps why not. */
class SignatureAnswer {
  isOk: bool = false;
  signature: Bytes = Bytes.EMPTY;
  problem: string = "";

  constructor(result: ForeignResult, problemField: u32) {
    if (result.status == Status.NotFound) this.problem = "the host has no such function";
    const reader = new ProtobufReader(result.bytes);
    while (reader.next()) {
      if (reader.field == 1) this.isOk = reader.number != 0;
      else if (reader.field == problemField) this.problem = reader.bytes.toString();
      else if (reader.field == 2) this.signature = reader.bytes;
    }
  }
}

/**
 * An expression of the Common Expression Language over the stream's properties: `request.path.startsWith('/a')`.
 * Source: Envoy's `expr_create`, `expr_evaluate` and `expr_delete`.
 *
 * @category Foreign functions
 */
export class CelExpression {
  private constructor(private readonly token: Bytes) {}

  /** Null when the text is no expression; Envoy logs why. It is kept by the host until `delete`. */
  static parse(text: Bytes): CelExpression | null {
    const token = callForeignFunction("expr_create", text).orNull;
    return token === null ? null : new CelExpression(token.copy());
  }

  /** The value in the encoding of properties; null when it has none, as where a property is absent. */
  evaluate(): Bytes | null {
    return callForeignFunction("expr_evaluate", this.token).orNull;
  }

  /** Frees it; it has no value afterwards. */
  delete(): void {
    callForeignFunction("expr_delete", this.token);
  }
}

function isRequestOnItsWay(): bool {
  const id = runningContextId();
  const callback = runningCallback();
  if (isOwnCallback(id) && callback >= Callback.RequestHeaders && callback <= Callback.ResponseTrailers)
    return callback <= Callback.RequestTrailers;
  const context = findContext(id);
  return context instanceof HttpStream && changetype<HttpStream>(context).isRequestHeld;
}

function isPem(key: Bytes): bool {
  return key.startsWith(Bytes.fromString("-----BEGIN "));
}
