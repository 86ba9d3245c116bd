import { Bytes, Configuration, FactsOptions, JsonObject, utf8 } from "as-proxy-wasm";
import { ApiKeys } from "./credentials/api-keys";
import { BasicCredential } from "./credentials/basic";
import { AuthzConditionReader } from "./conditions/reader";
import { Credential, CredentialKind, CREDENTIALS } from "./credentials/credential";
import { HeaderSettings } from "./upstream/header-settings";
import { JwtCredential } from "./credentials/jwt";
import { Rule } from "./rule";
import { Signatures } from "./credentials/signatures/signatures";

/** The rules in their order, how requests are read for them, and by what those who may come are known. */
export class HeaderAuthzConfiguration extends Configuration {
  readonly rules: Rule[] = [];
  readonly credentials: Array<Credential | null> = new Array<Credential | null>(CREDENTIALS.length);
  readonly upstreamHeaders: HeaderSettings = new HeaderSettings();
  /** Where tokens are; null when nobody has one. */
  jwt: JwtCredential | null = null;
  facts: FactsOptions = new FactsOptions();
  /** ` realm="…"`. */
  realm: Bytes = Bytes.EMPTY;
  /** Whether requests pass that would be refused. */
  isShadow: bool = false;

  read(json: JsonObject): void {
    this.readCredentials(json);
    this.readRules(json);
    this.facts = FactsOptions.read(json);
    this.isShadow = json.booleanOr("shadow", false);
    this.realm = readRealm(json);
    this.upstreamHeaders.addAll(json.arrayOrEmpty("set_headers"), this.credentials);
  }

  private readCredentials(json: JsonObject): void {
    if (json.has("api_keys")) this.credentials[CredentialKind.ApiKey] = ApiKeys.read(json.object("api_keys"));
    if (json.has("basic"))
      this.credentials[CredentialKind.Basic] = BasicCredential.read(json.object("basic"));
    if (json.has("signatures"))
      this.credentials[CredentialKind.Signature] = Signatures.read(json.object("signatures"));
    if (json.has("jwt")) this.jwt = JwtCredential.read(json.object("jwt"));
    this.credentials[CredentialKind.Jwt] = this.jwt;
  }

  private readRules(json: JsonObject): void {
    const reader = new AuthzConditionReader(this.credentials);
    const rules = json.array("rules");
    for (let i = 0; i < rules.length; i++) this.rules.push(Rule.read(rules.object(i), reader));
    if (!this.canAllow()) rules.refuse("must hold an allow rule: no request could pass");
  }

  private canAllow(): bool {
    for (let i = 0; i < this.rules.length; i++) {
      if (this.rules[i].isAllow && !this.rules[i].isShadow) return true;
    }
    return false;
  }
}

function readRealm(json: JsonObject): Bytes {
  const realm = json.bytesOr("realm", utf8("header-authz"));
  let isSound = realm.length > 0 && realm.length <= 64;
  for (let i = 0; i < realm.length; i++) {
    const byte = realm[i];
    if (byte < 0x20 || byte > 0x7e || byte == 0x22 || byte == 0x5c) isSound = false;
  }
  if (!isSound) json.refuse("realm", 'must be 1 to 64 characters of ASCII without " and \\');
  return utf8(' realm="').concat(realm).concat(utf8('"'));
}
