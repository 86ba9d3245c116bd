import { Bytes, currentTimeNanos, decodeBase64, HmacSha256, JsonObject, utf8 } from "as-proxy-wasm";
import { AuthzFacts } from "../../facts";
import { componentValue, coversToo, isComponent } from "./components";
import { Credential } from "../credential";
import { Identity } from "../identity";
import { Principal } from "../principal";
import { Reason } from "../../reason";
import { SignatureInput } from "./signature-input";

const MOST_KEYS = 1000;
const FEWEST_SECRET_BYTES = 32;
const CENTURY_SECONDS = 3_153_600_000;
const DAY_SECONDS = 86_400;
const NANOS_PER_SECOND: u64 = 1_000_000_000;

/** Signatures of requests by hmac-sha256. Source: RFC 9421, in part. */
export class Signatures extends Credential {
  private readonly owners: Principal[] = [];
  private readonly secrets: Bytes[] = [];
  private covers: Bytes[] = [utf8("@method"), utf8("@authority"), utf8("@path"), utf8("@query")];
  private maxAgeSeconds: i64 = 0;
  private skewSeconds: i64 = 0;

  private constructor() {
    super(utf8("Signature"));
  }

  static read(json: JsonObject): Signatures {
    const read = new Signatures();
    const keys = json.array("keys");
    if (keys.length == 0 || keys.length > MOST_KEYS) keys.refuse("must hold 1 to 1000 keys");
    for (let i = 0; i < keys.length; i++) {
      const key = keys.object(i);
      const owner = Principal.read(key, "keyid");
      if (read.indexOf(owner.name) >= 0) keys.refuseElement(i, "has the keyid of another");
      read.owners.push(owner);
      read.secrets.push(readSecret(key));
    }
    if (json.has("covers")) read.covers = readComponents(json);
    read.maxAgeSeconds = json.integerOr("max_age_seconds", 1, CENTURY_SECONDS, 300);
    read.skewSeconds = json.integerOr("clock_skew_seconds", 0, DAY_SECONDS, 60);
    return read;
  }

  examine(facts: AuthzFacts): Identity {
    const inputs = facts.headers.getAll(utf8("signature-input"));
    const signatures = facts.headers.getAll(utf8("signature"));
    if (inputs.length == 0 && signatures.length == 0) return Identity.none(Reason.MissingCredential);
    if (inputs.length > 1 || signatures.length > 1) return Identity.none(Reason.RepeatedCredential);
    if (inputs.length == 0 || signatures.length == 0) return Identity.none(Reason.SignatureMalformed);
    const input = SignatureInput.parse(inputs[0], signatures[0]);
    return input === null ? Identity.none(Reason.SignatureMalformed) : this.examineInput(input, facts);
  }

  /** The signature comes before times and coverage: nobody is told more than that it is wrong who has no key. */
  private examineInput(input: SignatureInput, facts: AuthzFacts): Identity {
    const index = this.indexOf(input.keyId);
    if (index < 0) return Identity.none(Reason.SignatureUnknownKey);
    if (!isSigned(input, this.secrets[index], facts)) return Identity.none(Reason.SignatureWrong);
    if (!this.isCovering(input)) return Identity.none(Reason.SignatureNotCovering);
    const untimely = this.untimeliness(input);
    return untimely == Reason.Allowed ? Identity.of(this.owners[index]) : Identity.none(untimely);
  }

  private untimeliness(input: SignatureInput): Reason {
    const now = <i64>(currentTimeNanos() / NANOS_PER_SECOND);
    if (input.created > now + this.skewSeconds) return Reason.SignatureNotYetValid;
    const isOver = input.expires >= 0 && now - this.skewSeconds >= input.expires;
    return isOver || now - input.created > this.maxAgeSeconds ? Reason.SignatureExpired : Reason.Allowed;
  }

  private isCovering(input: SignatureInput): bool {
    for (let i = 0; i < this.covers.length; i++) {
      let isCovered = false;
      for (let j = 0; j < input.components.length && !isCovered; j++)
        isCovered = coversToo(input.components[j], this.covers[i]);
      if (!isCovered) return false;
    }
    return true;
  }

  private indexOf(keyId: Bytes): i32 {
    for (let i = 0; i < this.owners.length; i++) if (this.owners[i].name.equals(keyId)) return i;
    return -1;
  }
}

/** Whether the signature is by the secret, over the components and the parameters. Source: RFC 9421, 2.5. */
function isSigned(input: SignatureInput, secret: Bytes, facts: AuthzFacts): bool {
  const base = new HmacSha256(secret);
  for (let i = 0; i < input.components.length; i++) {
    const name = input.components[i];
    const value = componentValue(name, facts);
    if (value === null) return false;
    base.update(utf8('"')).update(name).update(utf8('": ')).update(value).update(utf8("\n"));
  }
  const code = base.update(utf8('"@signature-params": ')).update(input.parameters).digest();
  return code.equalsConstantTime(input.signature);
}

function readSecret(json: JsonObject): Bytes {
  const secret = decodeBase64(json.bytes("secret"));
  if (secret !== null && secret.length >= FEWEST_SECRET_BYTES) return secret;
  json.refuse("secret", "must be 32 bytes at least, in base64");
  return Bytes.EMPTY;
}

function readComponents(json: JsonObject): Bytes[] {
  const names = json.array("covers");
  const read: Bytes[] = [];
  for (let i = 0; i < names.length; i++) {
    if (!isComponent(names.bytes(i))) names.refuseElement(i, "must be a component that signatures may cover");
    read.push(names.bytes(i));
  }
  return read;
}
