import {
  Action,
  Bytes,
  Configuration,
  Counter,
  HttpFilter,
  httpFilter,
  JsonObject,
  log,
  QueueReader,
  RequestHeaders,
  Service,
  service,
  SharedData,
  SharedQueue,
  Timer,
  utf8,
} from "as-proxy-wasm";

const jobs = new Counter("services.jobs");
const beats = new Counter("services.beats");
const shared = new SharedData(utf8("services\0"));

class ServiceConfiguration extends Configuration {
  /** How often it counts; 0 for never. */
  everyMs: u32 = 0;

  read(json: JsonObject): void {
    this.everyMs = <u32>json.integerOr("every_ms", 0, 60_000, 0);
  }
}

class Beat extends Timer {
  onTime(): void {
    beats.increment();
  }
}

class Jobs extends QueueReader {
  onMessage(message: Bytes): void {
    log.info("job <" + message.toString() + ">");
    shared.set(utf8("last"), message);
    jobs.increment();
  }
}

/** Does the jobs that come into its queue, and counts by a timer. */
@service("does-jobs")
export class DoesJobs extends Service<ServiceConfiguration> {
  onConfigured(): void {
    log.info("service configured");
    this.readQueue(utf8("jobs"), new Jobs());
    if (this.config.everyMs > 0) this.every(this.config.everyMs, new Beat());
  }
}

/** Gives the service what `x-job` says, and tells the upstream which job was done last. */
@httpFilter("gives-jobs")
export class GivesJobs extends HttpFilter {
  onRequestHeaders(headers: RequestHeaders, endOfStream: bool): Action {
    const last = shared.get(utf8("last"));
    if (last !== null) headers.set(utf8("x-last-job"), last.bytes);
    const job = headers.get(utf8("x-job"));
    const queue = SharedQueue.find(utf8("jobs"));
    if (job !== null && queue !== null) queue.enqueue(job);
    return Action.Continue;
  }
}
