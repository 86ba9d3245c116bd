import {
  Bytes,
  Counter,
  HttpFilter,
  httpFilter,
  log,
  NoConfiguration,
  Plugin,
  QueueReader,
  utf8,
} from "as-proxy-wasm";

const taken = new Counter("queue_reader.taken");

class Logging extends QueueReader {
  onMessage(message: Bytes): void {
    taken.increment();
    log.info("took <" + message.toString() + ">");
  }
}

class ReadingPlugin extends Plugin {
  onConfigured(): void {
    this.readQueue(utf8("other"), new Logging());
    this.readQueue(utf8("messages"), new Logging());
  }
}

/** Logs what comes into the queues `messages` and `other`. */
@httpFilter("queue-reader")
export class QueueReading extends HttpFilter<NoConfiguration, ReadingPlugin> {}
