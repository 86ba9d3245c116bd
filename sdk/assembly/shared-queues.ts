import {
  proxy_dequeue_shared_queue,
  proxy_enqueue_shared_queue,
  proxy_register_shared_queue,
  proxy_resolve_shared_queue,
} from "./abi/imports";
import { lengthSlot, resultBytes, resultNumber, resultSlot } from "./abi/memory";
import { Status } from "./abi/types";
import { Bytes, utf8 } from "./bytes";
import { succeeded } from "./host-calls";
import { PluginPart } from "./plugin/parts";

/** So many messages are taken in one callback at most: whoever fills a queue faster must not stop the worker. */
const MOST_AT_ONCE = 256;

/** No queue has this token. */
const NO_QUEUE: u32 = 0;

// The queue whose messages are being taken, and whether one was put into it meanwhile. Lazy, so that modules without
// readers contain nothing of it.
// @ts-ignore: decorator
@lazy
let taken: u32 = NO_QUEUE;
// @ts-ignore: decorator
@lazy
let isRefilled: bool = false;

/**
 * Messages that go from one VM to another, first in, first out; kept by the host until they are taken, without a
 * limit of its own. A queue is known by vm_id and name, which are used as they are: other plugins are to find it.
 * Source: proxy-wasm ABI 0.2.1, "Shared Queues".
 *
 * @category Shared data and queues
 */
export class SharedQueue {
  private constructor(private readonly token: u32) {}

  /**
   * For the SDK: makes a queue, or takes over its notifications; null, which is logged, when the host refuses.
   *
   * @internal
   */
  static register(name: Bytes): SharedQueue | null {
    const status = proxy_register_shared_queue(name.start, name.length, resultSlot());
    return succeeded(utf8("proxy_register_shared_queue"), status)
      ? new SharedQueue(resultNumber<u32>())
      : null;
  }

  /** A queue that some plugin reads; null when none has that name. No bytes as `vmId` stand for one's own vm_id. */
  static find(name: Bytes, vmId: Bytes = Bytes.EMPTY): SharedQueue | null {
    const status = proxy_resolve_shared_queue(vmId.start, vmId.length, name.start, name.length, resultSlot());
    if (status == Status.NotFound || !succeeded(utf8("proxy_resolve_shared_queue"), status)) return null;
    return new SharedQueue(resultNumber<u32>());
  }

  /** Appends a message; false, which is logged, when the host refuses it. Valid in every callback. */
  enqueue(message: Bytes): bool {
    const status = proxy_enqueue_shared_queue(this.token, message.start, message.length);
    if (!succeeded(utf8("proxy_enqueue_shared_queue"), status)) return false;
    if (this.token == taken) isRefilled = true;
    return true;
  }

  /** Takes the first message; null when there is none, no bytes when it is empty. Valid in every callback. */
  dequeue(): Bytes | null {
    const status = proxy_dequeue_shared_queue(this.token, resultSlot(), lengthSlot());
    if (status == Status.Empty || !succeeded(utf8("proxy_dequeue_shared_queue"), status)) return null;
    return resultBytes();
  }

  /** For the SDK: whether the host means this queue. @internal */
  hasToken(token: u32): bool {
    return this.token == token;
  }
}

/**
 * Takes the messages of a queue, which `readQueue` of a plugin opens. Extend it with what `onMessage` needs as
 * fields. Source: proxy-wasm ABI 0.2.1, "Shared Queues".
 *
 * @category Shared data and queues
 */
export abstract class QueueReader {
  /** For the SDK, as all fields: the reader that was added before it. @internal */
  next: QueueReader | null = null;
  /** For the SDK. @internal */
  queue: SharedQueue | null = null;

  /**
   * A message has come. Runs in the plugin, with no stream, as a timer does. What is put into this very queue here comes
   * in a callback of its own.
   */
  abstract onMessage(message: Bytes): void;

  /**
   * For the SDK: takes what there is, also what came before the queue was opened, of which nobody tells. The host calls
   * once for each message, so that it will for what is left; the queue may be empty by then, for an earlier call or another
   * VM has taken it.
   *
   * @internal
   */
  drain(queue: SharedQueue, token: u32): void {
    taken = token;
    isRefilled = false;
    for (let i = 0; i < MOST_AT_ONCE && !isRefilled; i++) {
      const message = queue.dequeue();
      if (message === null) break;
      this.onMessage(message);
    }
    taken = NO_QUEUE;
  }
}

/** The readers of one plugin. */
export class QueueReaders extends PluginPart {
  private latest: QueueReader | null = null;

  /** Opens a queue for a reader; false, which is logged, when the host refuses. */
  open(name: Bytes, reader: QueueReader): bool {
    const queue = SharedQueue.register(name);
    if (queue === null) return false;
    reader.queue = queue;
    reader.next = this.latest;
    this.latest = reader;
    return true;
  }

  /** Something has come into the queue with this token. */
  ready(token: u32): void {
    let reader = this.latest;
    while (reader !== null) {
      const queue = reader.queue;
      if (queue !== null && queue.hasToken(token)) return reader.drain(queue, token);
      reader = reader.next;
    }
  }
}
