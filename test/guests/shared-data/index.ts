import {
  Action,
  Bytes,
  HttpFilter,
  httpFilter,
  log,
  RequestHeaders,
  SharedUpdate,
  SharedValue,
  Stored,
  utf8,
} from "as-proxy-wasm";

const OUTCOMES = ["stored", "lost", "refused", "unchanged"];

/** Adds one to a number in digits. */
class Increment extends SharedUpdate {
  next(current: Bytes | null): Bytes | null {
    const number = current === null ? 0 : parseInt(current.toString());
    return Bytes.fromString((<i32>number + 1).toString());
  }
}

/** Leaves a value as it is. */
class Nothing extends SharedUpdate {
  next(current: Bytes | null): Bytes | null {
    return null;
  }
}

/** Does with shared data what the request's header `x-do` asks for with the key `x-key`, and logs what comes of it. */
@httpFilter("shared-data")
export class SharedDataFilter extends HttpFilter {
  onRequestHeaders(headers: RequestHeaders, endOfStream: bool): Action {
    const asked = headers.get(utf8("x-do"));
    const key = headers.get(utf8("x-key"));
    if (asked !== null && key !== null) this.act(asked.toString(), key, headers.get(utf8("x-value")));
    return Action.Continue;
  }

  private act(what: string, key: Bytes, value: Bytes | null): void {
    const data = this.plugin.sharedData;
    const bytes = value === null ? Bytes.EMPTY : value;
    if (what == "get") log.info(described(data.get(key)));
    else if (what == "set") log.info(data.set(key, bytes).toString());
    else if (what == "create") log.info(OUTCOMES[data.replace(key, bytes, null)]);
    else if (what == "race") this.race(key, bytes);
    else if (what == "leave") log.info(OUTCOMES[data.update(key, new Nothing())]);
    else if (what == "increment") this.increment(key, <i32>parseInt(bytes.toString()));
  }

  /** Replaces a value twice by what was read once. */
  private race(key: Bytes, value: Bytes): void {
    const data = this.plugin.sharedData;
    const seen = data.get(key);
    log.info(OUTCOMES[data.replace(key, value, seen)]);
    log.info(OUTCOMES[data.replace(key, value, seen)]);
  }

  /** Adds one to each of so many keys that begin with this one. */
  private increment(key: Bytes, count: i32): void {
    for (let i = 0; i < count; i++) {
      const each = Bytes.fromString(key.toString() + i.toString());
      const stored = this.plugin.sharedData.update(each, new Increment());
      if (stored != Stored.Yes) log.error(OUTCOMES[stored]);
    }
  }
}

function described(value: SharedValue | null): string {
  return value === null ? "absent" : "<" + value.bytes.toString() + ">";
}
