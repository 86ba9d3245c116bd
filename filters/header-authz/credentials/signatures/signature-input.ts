import { Bytes, decodeBase64, utf8 } from "as-proxy-wasm";
import { isComponent } from "./components";
import { TextReader } from "./text-reader";

/** A request that covers more is refused. */
const MOST_COMPONENTS = 64;

/** What a request's signature says of itself: what it covers, by which key, since when. Source: RFC 9421, 2.3 and 4. */
export class SignatureInput {
  readonly components: Bytes[] = [];
  /** In seconds since 1970; -1 when it does not say. */
  created: i64 = -1;
  expires: i64 = -1;
  keyId: Bytes = Bytes.EMPTY;
  signature: Bytes = Bytes.EMPTY;

  private constructor(
    /** As it was sent, and signed. */
    readonly parameters: Bytes,
  ) {}

  /**
   * Reads the two headers, which must have one member each, by the same label. Null when they are malformed, have something
   * that is not known here, or have no `created` or `keyid`.
   */
  static parse(input: Bytes, signature: Bytes): SignatureInput | null {
    const reader = new TextReader(input);
    const label = reader.key();
    if (label === null || !reader.take(0x3d)) return null;
    const read = new SignatureInput(input.slice(reader.at));
    const isRead =
      read.readComponents(reader) && read.readParameters(reader) && read.readSignature(label, signature);
    return isRead && read.created >= 0 && read.keyId.length > 0 ? read : null;
  }

  private readComponents(reader: TextReader): bool {
    if (!reader.take(0x28)) return false;
    while (!reader.take(0x29)) {
      const component = reader.quoted();
      if (component === null || !isComponent(component) || this.hasComponent(component)) return false;
      this.components.push(component);
      if (this.components.length > MOST_COMPONENTS) return false;
      if (!reader.take(0x20) && reader.text[reader.at] != 0x29) return false;
    }
    return true;
  }

  private readParameters(reader: TextReader): bool {
    while (!reader.isAtEnd) {
      const name = reader.take(0x3b) ? reader.key() : null;
      if (name === null || !reader.take(0x3d) || !this.readParameter(name, reader)) return false;
    }
    return true;
  }

  /** Whatever is said twice, or not known, makes it malformed; `nonce` and `tag` are signed, and not looked at. */
  private readParameter(name: Bytes, reader: TextReader): bool {
    if (name.equals(utf8("created"))) return this.created < 0 && (this.created = reader.integer()) >= 0;
    if (name.equals(utf8("expires"))) return this.expires < 0 && (this.expires = reader.integer()) >= 0;
    const text = reader.quoted();
    if (text === null) return false;
    if (name.equals(utf8("alg"))) return text.equals(utf8("hmac-sha256"));
    if (!name.equals(utf8("keyid"))) return name.equals(utf8("nonce")) || name.equals(utf8("tag"));
    if (this.keyId.length > 0) return false;
    this.keyId = text;
    return true;
  }

  private readSignature(label: Bytes, text: Bytes): bool {
    const reader = new TextReader(text);
    const name = reader.key();
    if (name === null || !name.equals(label) || !reader.take(0x3d)) return false;
    const encoded = reader.byteSequence();
    if (encoded === null || !reader.isAtEnd) return false;
    const decoded = decodeBase64(encoded);
    if (decoded === null) return false;
    this.signature = decoded;
    return true;
  }

  private hasComponent(name: Bytes): bool {
    for (let i = 0; i < this.components.length; i++) if (this.components[i].equals(name)) return true;
    return false;
  }
}
