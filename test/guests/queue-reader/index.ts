import {
  Action,
  Bytes,
  Counter,
  HttpFilter,
  httpFilter,
  log,
  NoConfiguration,
  Plugin,
  QueueReader,
  RequestHeaders,
  SharedQueue,
  utf8,
} from "as-proxy-wasm";

const taken = new Counter("queue_reader.taken");

class Logging extends QueueReader {
  onMessage(message: Bytes): void {
    taken.increment();
    log.info("took <" + message.toString() + ">");
    if (message.startsWith(utf8("again+"))) putBack(message.slice(0, message.length - 1));
  }
}

/** Puts a message into the queue from which it comes. */
function putBack(message: Bytes): void {
  const queue = SharedQueue.find(utf8("messages"));
  if (queue !== null) queue.enqueue(message);
}

class ReadingPlugin extends Plugin {
  onConfigured(): void {
    this.readQueue(utf8("other"), new Logging());
    this.readQueue(utf8("messages"), new Logging());
  }

  takeOver(): void {
    this.readQueue(utf8("messages"), new Logging());
  }
}

/**
 * Logs what comes into the queues `messages` and `other`; `again++` comes again as `again+`, and that as `again`. The
 * VM of a request with `x-take-over` is told of `messages` from then on: until then it is the one that opened them last.
 */
@httpFilter("queue-reader")
export class QueueReading extends HttpFilter<NoConfiguration, ReadingPlugin> {
  onRequestHeaders(headers: RequestHeaders, endOfStream: bool): Action {
    if (headers.has(utf8("x-take-over"))) this.plugin.takeOver();
    return Action.Continue;
  }
}
