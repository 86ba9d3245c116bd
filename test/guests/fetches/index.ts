import {
  Action,
  Bytes,
  Configuration,
  Counter,
  HttpCall,
  HttpCallRequest,
  HttpCallResult,
  HttpFilter,
  httpFilter,
  JsonObject,
  log,
  Plugin,
  QueueReader,
  RequestHeaders,
  SharedQueue,
  Timer,
  utf8,
} from "as-proxy-wasm";

const fetched = new Counter("fetches.fetched");

/** `{ "cluster", "refresh_ms" }` */
class FetchConfiguration extends Configuration {
  cluster: Bytes = Bytes.EMPTY;
  /** How often the key is fetched anew; 0 for never. */
  refreshMs: u32 = 0;

  read(json: JsonObject): void {
    this.cluster = json.bytesOr("cluster", utf8("service"));
    this.refreshMs = <u32>json.integerOr("refresh_ms", 0, 60_000, 0);
  }
}

/** Keeps a key that a service has. */
class Keyring extends Plugin<FetchConfiguration> {
  key: Bytes = Bytes.EMPTY;
  private readonly handler: OnKey = new OnKey(this);

  onConfigured(): void {
    this.fetch();
    if (this.config.refreshMs > 0) this.every(this.config.refreshMs, new Refresh(this));
  }

  fetch(): void {
    this.call(new HttpCallRequest(this.config.cluster, utf8("/key")), this.handler);
  }

  listen(): void {
    this.readQueue(utf8("refresh"), new OnWish(this));
  }
}

class OnKey extends HttpCall {
  constructor(private readonly keyring: Keyring) {
    super();
  }

  onResult(result: HttpCallResult): void {
    log.info("outcome " + result.outcome.toString());
    if (!result.isAnswered) return;
    this.keyring.key = result.readBody();
    fetched.increment();
  }
}

class Refresh extends Timer {
  constructor(private readonly keyring: Keyring) {
    super();
  }

  onTime(): void {
    this.keyring.fetch();
  }
}

class OnWish extends QueueReader {
  constructor(private readonly keyring: Keyring) {
    super();
  }

  onMessage(message: Bytes): void {
    this.keyring.fetch();
  }
}

/** Adds the key to each request; `x-fetch: stream`, `queue` or `twice` lets the plugin fetch it anew. */
@httpFilter("fetches")
export class Fetches extends HttpFilter<FetchConfiguration, Keyring> {
  onRequestHeaders(headers: RequestHeaders, endOfStream: bool): Action {
    headers.set(utf8("x-key"), this.plugin.key);
    const by = headers.get(utf8("x-fetch"));
    if (by === null) return Action.Continue;
    if (by.equals(utf8("queue"))) this.wish();
    else this.plugin.fetch();
    if (by.equals(utf8("twice"))) this.plugin.fetch();
    return Action.Continue;
  }

  private wish(): void {
    this.plugin.listen();
    const queue = SharedQueue.find(utf8("refresh"));
    if (queue !== null) queue.enqueue(utf8("now"));
  }
}
