import {
  proxy_add_header_map_value,
  proxy_get_header_map_pairs,
  proxy_get_header_map_value,
  proxy_remove_header_map_value,
  proxy_replace_header_map_value,
  proxy_set_header_map_pairs,
} from "./abi/imports";
import { lengthSlot, resultBytes, resultSlot } from "./abi/memory";
import { HeaderMapType, Status } from "./abi/types";
import { Bytes, utf8 } from "./bytes";
import { beginTurn, Callback, callbackTurn, runningCallback } from "./callbacks";
import { FieldList } from "./http-fields/field-list";
import { acceptHeader, acceptHeaderName } from "./http-fields/syntax";
import { succeeded } from "./host-calls";
import { logError } from "./logging";
import { Pairs } from "./http-fields/pairs";
import { isAskedAlone, noteReads } from "./http-fields/read-habits";

/**
 * The headers or trailers of a message, in the order in which the host keeps them. The first read takes all of them in
 * one host call; later reads look into that block, until a write, through whichever object, goes through to the host and
 * the next read takes them anew. A filter that asks for one value in each callback is given that one alone, from the second
 * callback on. Names are looked up whatever the case of their ASCII letters; the header Host is `:authority`, and found
 * under that name alone. Valid during the callback that was given it. Source: proxy-wasm ABI 0.2.1, "HTTP fields".
 *
 * @category Headers and trailers
 */
export class HttpFields {
  /** The pairs as they were read in `turn`, a `Pairs`: no managed reference, for it is freed when its callback ends. */
  private pairs: usize = 0;
  private turn: u32 = 0;

  /** For the SDK: reads and writes one of the host's maps. @internal */
  constructor(private readonly map: HeaderMapType) {}

  /** How many fields there are; each value of a repeated name counts. */
  get size(): i32 {
    noteReads(this.map);
    return this.fetched().count;
  }

  /** The first value of a name; null when the name is absent, no bytes when its value is empty. */
  get(name: Bytes): Bytes | null {
    if (this.isFetched) noteReads(this.map);
    else if (isAskedAlone(this.map) && !isHost(name)) return fetchValue(this.map, name);
    const pairs = this.fetched();
    const index = pairs.indexOf(name);
    return index < 0 ? null : pairs.valueAt(index);
  }

  /** Every value of a name, in order; none when the name is absent. */
  getAll(name: Bytes): Bytes[] {
    noteReads(this.map);
    const pairs = this.fetched();
    const values: Bytes[] = [];
    for (let i = pairs.indexOf(name); i >= 0; i = pairs.indexOf(name, i + 1)) {
      values.push(pairs.valueAt(i));
    }
    return values;
  }

  /** Whether the name occurs, be its value empty or not. */
  has(name: Bytes): bool {
    noteReads(this.map);
    return this.fetched().indexOf(name) >= 0;
  }

  /** The name of a field, lower-case; no bytes outside of 0 to `size` - 1. */
  nameAt(index: i32): Bytes {
    return this.fetched().nameAt(index);
  }

  /** The value of a field; no bytes outside of 0 to `size` - 1. */
  valueAt(index: i32): Bytes {
    return this.fetched().valueAt(index);
  }

  /** Every name that occurs, once, lower-case, in the order of their first fields. */
  names(): Bytes[] {
    noteReads(this.map);
    const pairs = this.fetched();
    const names: Bytes[] = [];
    for (let i = 0; i < pairs.count; i++) {
      const name = pairs.nameAt(i);
      if (pairs.indexOf(name) == i) names.push(name);
    }
    return names;
  }

  /**
   * Adds a value beside those that the name has. Refused, which is logged at error, when name or value are no header
   * or the host does not let this map be written in this callback; false then.
   */
  add(name: Bytes, value: Bytes): bool {
    if (!acceptHeader(name, value)) return false;
    beginTurn();
    return succeeded(
      utf8("proxy_add_header_map_value"),
      isGone(this.map)
        ? Status.BadArgument
        : proxy_add_header_map_value(this.map, name.start, name.length, value.start, value.length),
    );
  }

  /** Makes this the only value of the name, present or not, as its last field. Refused as `add` is. */
  set(name: Bytes, value: Bytes): bool {
    if (!acceptHeader(name, value)) return false;
    beginTurn();
    return succeeded(
      utf8("proxy_replace_header_map_value"),
      isGone(this.map)
        ? Status.BadArgument
        : proxy_replace_header_map_value(this.map, name.start, name.length, value.start, value.length),
    );
  }

  /** Removes every value of the name; true also when there was none. Refused as `add` is. */
  remove(name: Bytes): bool {
    if (!acceptHeaderName(name)) return false;
    beginTurn();
    return succeeded(
      utf8("proxy_remove_header_map_value"),
      isGone(this.map)
        ? Status.BadArgument
        : proxy_remove_header_map_value(this.map, name.start, name.length),
    );
  }

  /**
   * Puts these fields in the place of all that there are, pseudo-headers among them: a request without `:method` or
   * `:path`, or a response without `:status`, is answered by the proxy with an error. Refused as `add` is.
   */
  replaceAll(fields: FieldList): bool {
    const block = fields.encode();
    beginTurn();
    return succeeded(
      utf8("proxy_set_header_map_pairs"),
      isGone(this.map) ? Status.BadArgument : proxy_set_header_map_pairs(this.map, block.start, block.length),
    );
  }

  // @ts-ignore: decorator
  @inline
  private fetched(): Pairs {
    return this.isFetched ? changetype<Pairs>(this.pairs) : this.fetch();
  }

  // @ts-ignore: decorator
  @inline
  private get isFetched(): bool {
    return this.pairs != 0 && this.turn == callbackTurn();
  }

  private fetch(): Pairs {
    const fresh = fetchPairs(this.map);
    this.pairs = changetype<usize>(fresh);
    this.turn = callbackTurn();
    return fresh;
  }
}

/**
 * The headers of a request, among them `:method`, `:path`, `:authority` and `:scheme`. Source: proxy-wasm ABI 0.2.1,
 * "HTTP fields".
 *
 * @category Headers and trailers
 */
export class RequestHeaders extends HttpFields {
  constructor() {
    super(HeaderMapType.RequestHeaders);
  }
}

/**
 * The trailers of a request. Source: proxy-wasm ABI 0.2.1, "HTTP fields".
 *
 * @category Headers and trailers
 */
export class RequestTrailers extends HttpFields {
  constructor() {
    super(HeaderMapType.RequestTrailers);
  }
}

/**
 * The headers of a response, among them `:status`. Source: proxy-wasm ABI 0.2.1, "HTTP fields".
 *
 * @category Headers and trailers
 */
export class ResponseHeaders extends HttpFields {
  constructor() {
    super(HeaderMapType.ResponseHeaders);
  }
}

/**
 * The trailers of a response. Source: proxy-wasm ABI 0.2.1, "HTTP fields".
 *
 * @category Headers and trailers
 */
export class ResponseTrailers extends HttpFields {
  constructor() {
    super(HeaderMapType.ResponseTrailers);
  }
}

/** Of a response that a filter has replaced, Envoy 1.40 would look in `onDone` where the headers were. */
// @ts-ignore: decorator
@inline
function isGone(map: HeaderMapType): bool {
  return (
    isDefined(HAS_proxy_on_done) && map == HeaderMapType.ResponseHeaders && runningCallback() == Callback.Done
  );
}

/** Envoy has the header `:authority` under this name, too, for who asks for one value; among all pairs there is none. */
function isHost(name: Bytes): bool {
  return name.length == 4 && (load<u32>(name.start) | 0x2020_2020) == 0x7473_6f68;
}

/** The first value of a name, without the other fields; null when the map or the name is not there. */
function fetchValue(map: HeaderMapType, name: Bytes): Bytes | null {
  if (isGone(map)) return null;
  const status = proxy_get_header_map_value(map, name.start, name.length, resultSlot(), lengthSlot());
  if (status == Status.NotFound || status == Status.BadArgument) return null;
  return succeeded(utf8("proxy_get_header_map_value"), status) ? resultBytes() : null;
}

function fetchPairs(map: HeaderMapType): Pairs {
  if (isGone(map)) return Pairs.NONE;
  const status = proxy_get_header_map_pairs(map, resultSlot(), lengthSlot());
  if (!succeeded(utf8("proxy_get_header_map_pairs"), status)) return Pairs.NONE;
  const pairs = Pairs.parse(resultBytes());
  if (pairs !== null) return pairs;
  logError(utf8("proxy_get_header_map_pairs gave a malformed block: it counts as no headers"));
  return Pairs.NONE;
}
