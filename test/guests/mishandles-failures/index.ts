import { Action, Configuration, HttpFilter, httpFilter, JsonObject, RequestHeaders } from "as-proxy-wasm";

const WAYS = ["fails_open", "traps", "spins", "holds", "refuses"];

enum Way {
  FailsOpen,
  Traps,
  Spins,
  Holds,
  Refuses,
}

/** `{ "when_unread" }`: what becomes of a request whose role cannot be read. */
class CarelessConfiguration extends Configuration {
  way: i32 = 0;

  read(json: JsonObject): void {
    this.way = json.oneOf("when_unread", WAYS);
  }
}

const OK = 0;
const NOT_FOUND = 1;
const REQUEST_HEADERS = 0;

// @ts-ignore: decorator
@external("env", "proxy_get_header_map_value")
declare function proxy_get_header_map_value(
  map: u32,
  name: usize,
  nameLength: i32,
  value: usize,
  valueLength: usize,
): i32;

/** `x-role` */
const NAME = memory.data<u8>([0x78, 0x2d, 0x72, 0x6f, 0x6c, 0x65]);
/** Where the host writes the value's address, and its length. */
const VALUE = memory.data(8);

let turns = 0;

/** Lets requests pass whose x-role is five bytes long, `admin`; asks the host by itself, and not through the SDK. */
@httpFilter("mishandles-failures")
export class MishandlesFailures extends HttpFilter<CarelessConfiguration> {
  onRequestHeaders(headers: RequestHeaders, endOfStream: bool): Action {
    const status = proxy_get_header_map_value(REQUEST_HEADERS, NAME, 6, VALUE, VALUE + 4);
    if (status == NOT_FOUND) return this.respond(403, "missing");
    if (status != OK) return this.mishandle();
    return load<i32>(VALUE + 4) == 5 ? Action.Continue : this.respond(403, "not_admin");
  }

  private mishandle(): Action {
    const way = this.config.way;
    if (way == Way.FailsOpen) return Action.Continue;
    if (way == Way.Traps) unreachable();
    if (way == Way.Spins) while (true) turns++;
    return way == Way.Holds ? Action.Pause : this.respond(403, "unread");
  }
}
