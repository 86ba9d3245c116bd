import { Bytes, decodeBase64, JsonObject, Sha256, utf8 } from "as-proxy-wasm";
import { afterPrefix } from "./authorization";
import { AuthzFacts } from "../facts";
import { Credential } from "./credential";
import { Digest } from "./digest";
import { hasControl } from "../names";
import { Identity } from "./identity";
import { Principal } from "./principal";
import { Reason } from "../reason";

/** A worker compares each request's name with all of them. */
const MOST_USERS = 1000;

class User {
  constructor(
    readonly principal: Principal,
    readonly salt: Bytes,
    readonly digest: Bytes,
  ) {}

  static read(json: JsonObject): User {
    const principal = Principal.read(json, "name");
    if (principal.name.indexOf(utf8(":")) >= 0) json.refuse("name", "must not hold a colon");
    return new User(principal, Digest.readSalt(json, "salt"), Digest.read(json, "sha256"));
  }

  /** Whether this is the user's password; all passwords of one length take the same time. */
  hasPassword(password: Bytes): bool {
    return new Sha256().update(this.salt).update(password).digest().equalsConstantTime(this.digest);
  }
}

/** Users with a password. Source: RFC 7617. */
export class BasicCredential extends Credential {
  private readonly users: User[] = [];

  private constructor() {
    super(utf8("Basic"));
  }

  static read(json: JsonObject): BasicCredential {
    const read = new BasicCredential();
    const users = json.array("users");
    if (users.length == 0 || users.length > MOST_USERS) users.refuse("must hold 1 to 1000 users");
    for (let i = 0; i < users.length; i++) {
      const user = User.read(users.object(i));
      if (read.find(user.principal.name) !== null) users.refuseElement(i, "has the name of another");
      read.users.push(user);
    }
    return read;
  }

  examine(facts: AuthzFacts): Identity {
    const values = facts.headers.getAll(utf8("authorization"));
    if (values.length == 0) return Identity.none(Reason.MissingCredential);
    if (values.length > 1) return Identity.none(Reason.RepeatedCredential);
    const encoded = afterPrefix(values[0], utf8("Basic "));
    return encoded === null
      ? Identity.none(Reason.MissingCredential)
      : this.examineText(decodeBase64(encoded));
  }

  detail(found: Identity): Bytes {
    return utf8(', charset="UTF-8"');
  }

  private examineText(text: Bytes | null): Identity {
    const colon = text === null ? -1 : text.indexOf(utf8(":"));
    if (text === null || colon < 0 || hasControl(text)) return Identity.none(Reason.BasicMalformed);
    return this.examinePassword(text.slice(0, colon), text.slice(colon + 1));
  }

  /** A name that nobody has costs a hash as well: the time does not tell which names there are. */
  private examinePassword(name: Bytes, password: Bytes): Identity {
    const user = this.find(name);
    const isRight = (user === null ? this.users[0] : user).hasPassword(password);
    return user !== null && isRight ? Identity.of(user.principal) : Identity.none(Reason.BasicWrong);
  }

  private find(name: Bytes): User | null {
    let found: User | null = null;
    for (let i = 0; i < this.users.length; i++)
      if (this.users[i].principal.name.equals(name)) found = this.users[i];
    return found;
  }
}
