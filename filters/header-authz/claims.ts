import { Bytes, JsonObject, JwtClaims, utf8 } from "as-proxy-wasm";

/** A claim by its name, or by the path to one within objects, `/realm_access/roles`, with `/` first. */
export class ClaimName {
  private readonly path: Bytes[] = [];
  private last: Bytes = Bytes.EMPTY;

  constructor(name: Bytes) {
    let from = 0;
    if (name[0] == 0x2f) {
      from = 1;
      for (let slash = name.indexOf(utf8("/"), from); slash >= 0; slash = name.indexOf(utf8("/"), from)) {
        this.path.push(name.slice(from, slash));
        from = slash + 1;
      }
    }
    this.last = name.slice(from);
  }

  /** Reads one; it must not be empty. */
  static read(json: JsonObject, key: string): ClaimName {
    const name = json.bytes(key);
    if (name.length == 0) json.refuse(key, "must not be empty");
    return new ClaimName(name);
  }

  /** Whether there is such a claim. */
  isIn(claims: JwtClaims | null): bool {
    const owner = this.ownerIn(claims);
    return owner !== null && owner.has(this.last);
  }

  /** A text, a number or a truth; null when it is none. */
  scalarIn(claims: JwtClaims | null): Bytes | null {
    const owner = this.ownerIn(claims);
    return owner === null ? null : owner.scalar(this.last);
  }

  /** The texts of an array, or the words of a text, as `scope` has them. Source: RFC 8693, section 4.2. */
  listIn(claims: JwtClaims | null): Bytes[] {
    const owner = this.ownerIn(claims);
    if (owner === null) return [];
    const text = owner.bytes(this.last);
    return text === null ? owner.list(this.last) : wordsOf(text);
  }

  /** The object that has the claim, if it is there. */
  private ownerIn(claims: JwtClaims | null): JwtClaims | null {
    let owner = claims;
    for (let i = 0; i < this.path.length && owner !== null; i++) owner = owner.object(this.path[i]);
    return owner;
  }
}

function wordsOf(text: Bytes): Bytes[] {
  const words: Bytes[] = [];
  for (let from = 0; from <= text.length;) {
    const blank = text.indexOf(utf8(" "), from);
    const end = blank < 0 ? text.length : blank;
    words.push(text.slice(from, end));
    from = end + 1;
  }
  return words;
}
