import { Bytes, isHeaderName, JsonObject, utf8 } from "as-proxy-wasm";
import { AuthzFacts } from "../facts";
import { Credential } from "../credentials/credential";
import { hasControl } from "../names";
import { ValueSource } from "./value-source";

/** Longer values are refused: servers have limits for all headers together. */
const MOST_BYTES = 4096;

/** What frames a message or says where it goes is not the filter's to write. */
const REFUSED = ["host", "connection", "content-length", "transfer-encoding", "te", "trailer", "upgrade"];

/** A header that requests have for the upstream. */
export class HeaderSetting {
  private constructor(
    readonly name: Bytes,
    private readonly source: ValueSource,
  ) {}

  static read(json: JsonObject, credentials: Array<Credential | null>): HeaderSetting {
    const name = json.bytes("header");
    if (!isHeaderName(name) || name[0] == 0x3a) json.refuse("header", "must be the name of a header");
    if (isRefused(name)) json.refuse("header", "must not be one that Envoy needs");
    return new HeaderSetting(name, ValueSource.read(json, credentials));
  }

  /** Its values, of which there are none when the source has none. */
  valuesFor(facts: AuthzFacts): Bytes[] {
    return this.source.valuesFor(facts);
  }

  /** Whether a client's header may be taken for this one: `_` and `-` are the same to servers that make variables of names. */
  isMeantBy(name: Bytes): bool {
    if (name.length != this.name.length) return false;
    for (let i = 0; i < name.length; i++) if (folded(name[i]) != folded(this.name[i])) return false;
    return true;
  }
}

/** The values with commas between them; null when there is none, when one cannot be told from several, or is no text that a header may have. */
export function joined(values: Bytes[]): Bytes | null {
  if (values.length == 0) return null;
  let text = values[0];
  for (let i = 0; i < values.length; i++) {
    if (!isSafe(values[i], values.length > 1)) return null;
    if (i > 0) text = text.concat(utf8(",")).concat(values[i]);
  }
  return text.length <= MOST_BYTES ? text : null;
}

function isRefused(name: Bytes): bool {
  for (let i = 0; i < REFUSED.length; i++)
    if (name.equalsIgnoreCase(Bytes.fromString(REFUSED[i]))) return true;
  return false;
}

function isSafe(value: Bytes, isElement: bool): bool {
  const isTrimmed = value.trim().length == value.length;
  const isSingle = !isElement || (value.length > 0 && value.indexOf(utf8(",")) < 0);
  return isTrimmed && isSingle && !hasControl(value);
}

function folded(byte: u8): u8 {
  if (byte == 0x5f) return 0x2d;
  return <u32>byte - 0x41 < 26 ? byte | 0x20 : byte;
}
