import {
  Action,
  Bytes,
  Configuration,
  Counter,
  HttpCallRequest,
  HttpFilter,
  httpFilter,
  JsonArray,
  JsonObject,
  JsonWebKeys,
  Jwt,
  JwtAlgorithm,
  jwtAlgorithm,
  JwtVerdict,
  JwtVerifier,
  log,
  Plugin,
  RemoteKeys,
  ReplyOptions,
  RequestHeaders,
  utf8,
} from "as-proxy-wasm";

const refreshed = new Counter("verifies_tokens.refreshed");
const failed = new Counter("verifies_tokens.failed");

/** The names that the SDK gives its verdicts, in their order. */
// prettier-ignore
const NAMES = [
  "Valid", "Malformed", "ExtensionRefused", "AlgorithmRefused", "KeysNotReady", "UnknownKey", "BadSignature", "Expired",
  "MissingExpiry", "NotYetValid", "MissingNotBefore", "WrongIssuer", "WrongAudience",
];

/** What tokens must be like, and `jwks`, a text, or `remote`, where the keys are fetched from. */
class TokenConfiguration extends Configuration {
  readonly verifier: JwtVerifier = new JwtVerifier();
  jwks: Bytes = Bytes.EMPTY;
  cluster: Bytes = Bytes.EMPTY;
  refreshMs: u32 = 0;
  coolDownMs: u32 = 0;

  read(json: JsonObject): void {
    const verifier = this.verifier;
    verifier.issuers = texts(json.arrayOrEmpty("issuers"));
    verifier.audiences = texts(json.arrayOrEmpty("audiences"));
    if (json.has("algorithms")) verifier.algorithms = algorithms(json.array("algorithms"));
    verifier.leewaySeconds = <u32>json.integerOr("leeway_seconds", 0, 4_294_967_295, 0);
    verifier.requiresExpiry = json.booleanOr("requires_expiry", true);
    verifier.requiresNotBefore = json.booleanOr("requires_not_before", false);
    this.jwks = json.bytesOr("jwks", Bytes.EMPTY);
    if (json.has("remote")) this.readRemote(json.object("remote"));
  }

  private readRemote(json: JsonObject): void {
    this.cluster = json.bytes("cluster");
    this.refreshMs = <u32>json.integerOr("refresh_ms", 1, 3_600_000, 300_000);
    this.coolDownMs = <u32>json.integerOr("cool_down_ms", 1, 3_600_000, 10_000);
  }
}

class TokenPlugin extends Plugin<TokenConfiguration> {
  private keys: JsonWebKeys | null = null;
  private remote: RemoteKeys | null = null;

  onConfigured(): void {
    if (this.config.cluster.length > 0) return this.fetchKeys();
    const keys = JsonWebKeys.parse(this.config.jwks);
    for (let i = 0; i < keys.skipped.length; i++) log.info(keys.skipped[i]);
    log.info(keys.keys.length.toString() + " keys");
    this.keys = keys;
  }

  verify(token: Jwt | null): JwtVerdict {
    const remote = this.remote;
    const verifier = this.config.verifier;
    return remote === null ? verifier.verify(token, this.keys) : remote.verify(verifier, token);
  }

  private fetchKeys(): void {
    const remote = new CountedKeys(this, new HttpCallRequest(this.config.cluster, utf8("/jwks")));
    remote.refreshMs = this.config.refreshMs;
    remote.coolDownMs = this.config.coolDownMs;
    remote.start();
    this.remote = remote;
  }
}

class CountedKeys extends RemoteKeys {
  onRefreshed(areFresh: bool): void {
    if (areFresh) refreshed.increment();
    else failed.increment();
  }
}

/** Answers each request with the verdict on each of its `x-token`, and with the claim that `x-claim` names. */
@httpFilter("verifies-tokens")
export class VerifiesTokens extends HttpFilter<TokenConfiguration, TokenPlugin> {
  onRequestHeaders(headers: RequestHeaders, endOfStream: bool): Action {
    const tokens = headers.getAll(utf8("x-token"));
    const claim = headers.get(utf8("x-claim"));
    const answers: string[] = [];
    for (let i = 0; i < tokens.length; i++) answers.push(this.judge(tokens[i], claim));
    const reply = new ReplyOptions();
    reply.body = Bytes.fromString(answers.join("\n"));
    return this.respond(200, "judged", reply);
  }

  private judge(text: Bytes, claim: Bytes | null): string {
    const token = Jwt.parse(text);
    const verdict = NAMES[this.plugin.verify(token)];
    if (claim === null || token === null) return verdict;
    return verdict + " " + describe(token, claim);
  }
}

function describe(token: Jwt, name: Bytes): string {
  const claims = token.claims;
  if (claims === null) return "unread";
  const address = claims.object(utf8("address"));
  const texts = [
    orAbsent(token.claim(name)),
    claims.integerOr(name, -1).toString(),
    claims.booleanOr(name, false).toString(),
    claims.list(name).length.toString(),
    orAbsent(address === null ? null : address.bytes(name)),
  ];
  return texts.join(" ");
}

function orAbsent(bytes: Bytes | null): string {
  return bytes === null ? "absent" : "<" + bytes.toString() + ">";
}

function texts(json: JsonArray): Bytes[] {
  const all: Bytes[] = [];
  for (let i = 0; i < json.length; i++) all.push(json.bytes(i));
  return all;
}

function algorithms(json: JsonArray): JwtAlgorithm[] {
  const all: JwtAlgorithm[] = [];
  for (let i = 0; i < json.length; i++) all.push(jwtAlgorithm(json.bytes(i)));
  return all;
}
