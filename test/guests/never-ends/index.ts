import {
  Action,
  Body,
  Configuration,
  HttpFilter,
  httpFilter,
  JsonObject,
  log,
  Plugin,
  RequestHeaders,
  Timer,
  utf8,
} from "as-proxy-wasm";

const CALLBACKS = ["configure", "request_headers", "request_body", "done", "log", "tick"];

enum In {
  Configure,
  RequestHeaders,
  RequestBody,
  Done,
  Log,
  Tick,
}

const WAYS = ["loop", "calls", "recursion", "copies", "host_calls", "allocations", "stack", "sum"];

enum Way {
  Loop,
  Calls,
  Recursion,
  Copies,
  HostCalls,
  Allocations,
  Stack,
  Sum,
}

/** `{ "in": callback, "way" }` */
class EndlessConfiguration extends Configuration {
  in: i32 = 0;
  way: i32 = 0;

  read(json: JsonObject): void {
    this.in = json.oneOf("in", CALLBACKS);
    this.way = json.oneOf("way", WAYS);
  }

  /** Does not come back from the callback that was chosen; a sum of a body's bytes does. */
  enter(callback: i32, body: Body | null = null): void {
    if (callback != this.in) return;
    if (this.way == Way.Loop) loopForEver();
    else if (this.way == Way.Calls) callForEver();
    else if (this.way == Way.Recursion) log.info(fibonacci(90).toString());
    else if (this.way == Way.Copies) copyForEver();
    else if (this.way == Way.HostCalls) logForEver();
    else if (this.way == Way.Allocations) allocateForEver();
    else if (this.way == Way.Stack) log.info(descend(1).toString());
    else if (body !== null) log.info("sum " + sumOf(body).toString());
  }
}

class Ticking extends Timer {
  constructor(private readonly config: EndlessConfiguration) {
    super();
  }

  onTime(): void {
    this.config.enter(In.Tick);
  }
}

class EndlessPlugin extends Plugin<EndlessConfiguration> {
  onConfigured(): void {
    this.config.enter(In.Configure);
    if (this.config.in == In.Tick) this.after(10, new Ticking(this.config));
  }
}

/** Does something without an end in the callback that its configuration names, unless the request has x-spared. */
@httpFilter("never-ends")
export class NeverEnds extends HttpFilter<EndlessConfiguration, EndlessPlugin> {
  onRequestHeaders(headers: RequestHeaders, endOfStream: bool): Action {
    if (headers.has(utf8("x-spared"))) return Action.Continue;
    this.config.enter(In.RequestHeaders);
    return Action.Continue;
  }

  onRequestBody(body: Body, endOfStream: bool): Action {
    this.config.enter(In.RequestBody, body);
    return Action.Continue;
  }

  onLog(): void {
    this.config.enter(In.Log);
  }

  onDone(): void {
    this.config.enter(In.Done);
  }
}

let turns = 0;

function loopForEver(): void {
  while (true) turns++;
}

function callForEver(): void {
  while (true) {
    countTo(1_000);
  }
}

function countTo(most: i32): void {
  for (let i = 0; i < most; i++) turns ^= i;
}

function fibonacci(n: i32): i64 {
  return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2);
}

function copyForEver(): void {
  memory.grow(256);
  while (true) memory.fill(1 << 20, <u8>turns, 8 << 20);
}

function logForEver(): void {
  while (true) log.info("again");
}

function allocateForEver(): void {
  const kept: StaticArray<u8>[] = [];
  while (true) kept.push(new StaticArray<u8>(1 << 20));
}

function descend(depth: i32): i32 {
  return descend(depth + 1) + turns;
}

function sumOf(body: Body): i64 {
  const bytes = body.read();
  let sum: i64 = 0;
  for (let i = 0; i < bytes.length; i++) sum += bytes[i];
  return sum;
}
