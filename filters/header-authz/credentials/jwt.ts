import {
  BasicPlugin,
  Bytes,
  isHeaderValue,
  JsonArray,
  JsonObject,
  JsonWebKeys,
  Jwt,
  JwtAlgorithm,
  jwtAlgorithm,
  JwtVerdict,
  JwtVerifier,
  utf8,
} from "as-proxy-wasm";
import { afterPrefix } from "./authorization";
import { AuthzFacts } from "../facts";
import { Credential } from "./credential";
import { FetchedKeys } from "./fetched-keys";
import { Identity } from "./identity";
import { Place } from "./place";
import { Reason } from "../reason";
import { RemoteJwks } from "./remote-jwks";

const SOURCES = ["local_jwks", "remote_jwks"];
const MOST_SKEW_SECONDS = 86_400;

/** JSON Web Tokens. Source: RFC 7519 and RFC 6750. */
export class JwtCredential extends Credential {
  private readonly verifier: JwtVerifier = new JwtVerifier();
  private place: Place = new Place(utf8("authorization"));
  private prefix: Bytes = utf8("Bearer ");
  private local: JsonWebKeys | null = null;
  /** Where the keys are, unless the configuration has them. */
  private remote: RemoteJwks | null = null;
  /** The keys that are fetched from there; null until the plugin has begun to. */
  private fetched: FetchedKeys | null = null;

  private constructor() {
    super(utf8("Bearer"));
  }

  static read(json: JsonObject): JwtCredential {
    const read = new JwtCredential();
    if (json.oneKeyOf(SOURCES) == 0) read.local = readKeys(json);
    else read.remote = RemoteJwks.read(json.object("remote_jwks"));
    if (json.has("from")) read.readPlace(json.object("from"));
    const verifier = read.verifier;
    verifier.issuers = texts(json.arrayOrEmpty("issuers"));
    verifier.audiences = texts(json.arrayOrEmpty("audiences"));
    if (json.has("algorithms")) verifier.algorithms = algorithms(json.array("algorithms"));
    verifier.leewaySeconds = <u32>json.integerOr("clock_skew_seconds", 0, MOST_SKEW_SECONDS, 60);
    verifier.requiresExpiry = json.booleanOr("require_expiration", true);
    return read;
  }

  private readPlace(json: JsonObject): void {
    this.place = Place.read(json);
    this.prefix = json.has("header") ? json.bytesOr("value_prefix", this.prefix) : Bytes.EMPTY;
    if (!isHeaderValue(this.prefix)) json.refuse("value_prefix", "must not hold CR, LF or NUL");
  }

  /** Begins to fetch the keys, if a service has them; for the plugin, once it is configured. */
  fetch(plugin: BasicPlugin): void {
    const remote = this.remote;
    if (remote === null) return;
    const keys = new FetchedKeys(plugin, remote);
    this.fetched = keys;
    keys.start();
  }

  /** The answer while there are no keys. */
  get notReadyStatus(): i32 {
    const remote = this.remote;
    return remote === null ? 503 : remote.notReadyStatus;
  }

  examine(facts: AuthzFacts): Identity {
    const values = this.place.values(facts);
    if (values.length == 0) return Identity.none(Reason.MissingCredential);
    if (values.length > 1) return Identity.none(Reason.RepeatedCredential);
    const text = afterPrefix(values[0], this.prefix);
    return text === null ? Identity.none(Reason.MissingCredential) : this.examineToken(Jwt.parse(text));
  }

  /** Source: RFC 6750, section 3.1. */
  detail(found: Identity): Bytes {
    if (found.isProven) return utf8(', error="insufficient_scope"');
    return found.reason == Reason.MissingCredential ? Bytes.EMPTY : utf8(', error="invalid_token"');
  }

  private examineToken(token: Jwt | null): Identity {
    const verdict = this.verify(token);
    if (verdict != JwtVerdict.Valid)
      return Identity.none(<Reason>(Reason.TokenMalformed + (verdict - JwtVerdict.Malformed)));
    const identity = new Identity(Reason.Allowed, token === null ? null : token.claim(utf8("sub")), []);
    if (token !== null) identity.claims = token.claims;
    return identity;
  }

  private verify(token: Jwt | null): JwtVerdict {
    const fetched = this.fetched;
    return fetched === null ? this.verifier.verify(token, this.local) : fetched.verify(this.verifier, token);
  }
}

function readKeys(json: JsonObject): JsonWebKeys {
  const keys = JsonWebKeys.parse(json.bytes("local_jwks"));
  if (keys.keys.length == 0)
    json.refuse("local_jwks", "has no key: " + (keys.skipped.length == 0 ? "it is empty" : keys.skipped[0]));
  return keys;
}

function texts(json: JsonArray): Bytes[] {
  const all: Bytes[] = [];
  for (let i = 0; i < json.length; i++) {
    const text = json.bytes(i);
    if (text.length == 0 || !isHeaderValue(text))
      json.refuseElement(i, "must not be empty nor hold CR, LF or NUL");
    all.push(text);
  }
  return all;
}

function algorithms(json: JsonArray): JwtAlgorithm[] {
  const all: JwtAlgorithm[] = [];
  if (json.length == 0) json.refuse("must not be empty");
  for (let i = 0; i < json.length; i++) {
    const algorithm = jwtAlgorithm(json.bytes(i));
    if (algorithm == JwtAlgorithm.Other) json.refuseElement(i, "must be one of RS256, ES256, HS256");
    all.push(algorithm);
  }
  return all;
}
