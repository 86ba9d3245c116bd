import {
  AccessLogger,
  accessLogger,
  Bytes,
  log,
  LogLevel,
  QueueReader,
  Service,
  service,
  Shutdown,
  Timer,
  utf8,
} from "as-proxy-wasm";

/** Reports at info of each stream what an access logger can read of it. */
@accessLogger("logs")
export class Logs extends AccessLogger {
  onLog(): void {
    const path = this.requestHeaders.get(utf8(":path"));
    const sum = this.responseTrailers.get(utf8("sum"));
    const type = this.responseHeaders.get(utf8("type"));
    say(path);
    say(sum);
    say(type);
    this.requestHeaders.set(utf8("x-more"), utf8("1"));
  }
}

/** Takes some messages before it ends. */
@service("works")
export class Works extends Service {
  onConfigured(): void {
    this.readQueue(utf8("jobs"), new Jobs(this));
    this.every(5, new Beat());
  }

  onDone(): Shutdown {
    log.info("later");
    return Shutdown.Later;
  }
}

class Jobs extends QueueReader {
  constructor(private readonly works: Works) {
    super();
  }

  onMessage(message: Bytes): void {
    if (message.length == 0 || message[0] == 0x21) log.info(this.works.done() ? "done" : "not done");
  }
}

class Beat extends Timer {
  onTime(): void {
    log.info("beat");
  }
}

function say(value: Bytes | null): void {
  log.writeBytes(LogLevel.Info, value === null ? utf8("null") : utf8("=").concat(value));
}
