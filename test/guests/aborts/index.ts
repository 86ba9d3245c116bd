import { Action, Configuration, HttpFilter, httpFilter, JsonObject, RequestHeaders } from "as-proxy-wasm";

enum Way {
  Assert,
  Throw,
  Index,
  Inlined,
  Configure,
}

class AbortConfiguration extends Configuration {
  way: Way = Way.Assert;

  read(json: JsonObject): void {
    this.way = json.oneOf("way", ["assert", "throw", "index", "inlined", "configure"]);
    assert(this.way != Way.Configure, "no such way");
  }
}

/** Aborts at a request, or before, in the way that its configuration names. */
@httpFilter("aborts")
export class Aborts extends HttpFilter<AbortConfiguration> {
  onRequestHeaders(headers: RequestHeaders, endOfStream: bool): Action {
    const way = this.config.way;
    const fields = headers.size;
    if (way == Way.Throw) throw new Error("thrown by hand");
    if (way == Way.Index) return pick([Action.Continue], fields);
    if (way == Way.Inlined) return half(fields * 2 + 1);
    assert(fields == 0, "there are fields");
    return Action.Continue;
  }
}

function pick(actions: Action[], index: i32): Action {
  return actions[index];
}

// @ts-ignore: decorator
@inline
function half(number: i32): Action {
  assert(number % 2 == 0, "an odd number");
  return number == 0 ? Action.Continue : Action.Pause;
}
