import { Action, Bytes, HttpFilter, httpFilter, log, RequestHeaders, SharedQueue, utf8 } from "as-proxy-wasm";

/**
 * Puts the request's `x-message`s into the queue `x-queue` of `x-vm-id`, each as often as `x-times` has bytes; with
 * `x-take`, takes the first one back.
 */
@httpFilter("queue-writer")
export class QueueWriter extends HttpFilter {
  onRequestHeaders(headers: RequestHeaders, endOfStream: bool): Action {
    const name = headers.get(utf8("x-queue"));
    const vmId = headers.get(utf8("x-vm-id"));
    if (name === null) return Action.Continue;
    const queue = SharedQueue.find(name, vmId === null ? Bytes.EMPTY : vmId);
    if (queue === null) {
      log.info("no such queue");
      return Action.Continue;
    }
    const messages = headers.getAll(utf8("x-message"));
    const times = headers.get(utf8("x-times"));
    for (let i = 0; i < messages.length; i++) {
      for (let j = times === null ? 1 : times.length; j > 0; j--) queue.enqueue(messages[i]);
    }
    if (headers.has(utf8("x-take"))) take(queue);
    return Action.Continue;
  }
}

function take(queue: SharedQueue): void {
  const message = queue.dequeue();
  log.info(message === null ? "the queue is empty" : "took back <" + message.toString() + ">");
}
