import { Bytes, JsonObject, sha256, utf8 } from "as-proxy-wasm";
import { AuthzFacts } from "../facts";
import { Credential } from "./credential";
import { Digest } from "./digest";
import { Identity } from "./identity";
import { Place } from "./place";
import { Principal } from "./principal";
import { Reason } from "../reason";

/** A worker compares each request's key with all of them. */
const MOST_KEYS = 1000;

/** Keys by which clients are known; the filter knows their hashes alone. */
export class ApiKeys extends Credential {
  private readonly digests: Bytes[] = [];
  private readonly owners: Principal[] = [];

  private constructor(private readonly place: Place) {
    super(utf8("ApiKey"));
  }

  static read(json: JsonObject): ApiKeys {
    const read = new ApiKeys(Place.read(json));
    const keys = json.array("keys");
    if (keys.length == 0 || keys.length > MOST_KEYS) keys.refuse("must hold 1 to 1000 keys");
    for (let i = 0; i < keys.length; i++) {
      const key = keys.object(i);
      read.owners.push(Principal.read(key, "name"));
      read.digests.push(Digest.read(key, "sha256"));
    }
    return read;
  }

  examine(facts: AuthzFacts): Identity {
    const values = this.place.values(facts);
    if (values.length == 0) return Identity.none(Reason.MissingCredential);
    if (values.length > 1) return Identity.none(Reason.RepeatedCredential);
    return this.ownerOf(sha256(values[0]));
  }

  /** Looks at every key, so that the time tells nothing of which one it is. */
  private ownerOf(digest: Bytes): Identity {
    let found = -1;
    for (let i = 0; i < this.digests.length; i++) if (digest.equalsConstantTime(this.digests[i])) found = i;
    return found < 0 ? Identity.none(Reason.ApiKeyUnknown) : Identity.of(this.owners[found]);
  }
}
