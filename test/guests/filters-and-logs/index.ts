import {
  AccessLogger,
  accessLogger,
  HttpFilter,
  httpFilter,
  log,
  Service,
  service,
  Shutdown,
} from "as-proxy-wasm";

/** Logs its streams. */
@httpFilter("filter")
export class Filter extends HttpFilter {
  onLog(): void {
    log.info("the filter logs");
  }
}

/** Logs all streams. */
@accessLogger("logger")
export class Logger extends AccessLogger {
  onLog(): void {
    log.info("the logger logs");
  }

  onDone(): Shutdown {
    log.info("the logger ends");
    return Shutdown.Now;
  }
}

/** Does nothing. */
@service("service")
export class Idle extends Service {}
