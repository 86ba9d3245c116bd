import { Bytes, utf8 } from "./bytes";
import { Callback, leave } from "./callbacks";
import { enterPlugin } from "./effective-context";
import { SharedData } from "./shared-data";
import { SharedQueue } from "./shared-queues";
import { ReleaseNumber, TakeNumber } from "./workers/numbers";

/** What wants to know on which thread its VM runs. @internal */
export abstract class WorkerListener {
  /** For the SDK: the listener that asked before it. @internal */
  nextListener: WorkerListener | null = null;

  /**
   * For the SDK: the number of the thread, from 0, which no other thread has that runs this module. Another number may
   * follow, which holds from then on. @internal
   */
  abstract onWorker(number: i32): void;
}

/**
 * Finds the number of the VM's thread. The ABI knows no threads, but queues: the host tells of a message in the thread where
 * the queue was registered, and there the VM that is alive. So each number is a queue, and a new VM writes to those that
 * others took and then to one of its own. What it is told of is its thread's: an older one, whose VM was lost after a trap,
 * or else its own. Being told is all that counts: the message may be gone, for a VM that had the number a moment before is
 * told of it, too; and a message of another VM may tell of its own queue before an older one is heard of.
 */
class Search {
  private readonly shared: SharedData = new SharedData(utf8("proxy_wasm.workers\0"));
  private readonly numbers: i32[] = [];
  private readonly queues: SharedQueue[] = [];
  private own: i32 = -1;
  private found: i32 = -1;

  /** Writes to all queues. */
  begin(): void {
    const taking = new TakeNumber();
    this.shared.update(Bytes.EMPTY, taking);
    this.own = taking.taken;
    const own = SharedQueue.register(queueName(this.own));
    for (let i = 0; i < taking.others.length; i++) {
      this.ask(taking.others[i], SharedQueue.find(queueName(taking.others[i])));
    }
    this.ask(this.own, own);
  }

  /** The thread's number; -1 until it is known. */
  get result(): i32 {
    return this.found;
  }

  /** Gives the number back: whoever takes it next also takes over the queue. */
  end(): void {
    this.release(this.found < 0 ? this.own : this.found);
  }

  /** Takes the messages of a queue that is a number's; false when it is none of them. */
  hear(token: u32): bool {
    for (let i = 0; i < this.queues.length; i++) {
      if (!this.queues[i].hasToken(token)) continue;
      while (this.queues[i].dequeue() !== null) {}
      if (this.found < 0 || this.found == this.own) this.settleOn(this.numbers[i]);
      return true;
    }
    return false;
  }

  private ask(number: i32, queue: SharedQueue | null): void {
    if (queue === null) return;
    this.numbers.push(number);
    this.queues.push(queue);
    queue.enqueue(Bytes.EMPTY);
  }

  private settleOn(number: i32): void {
    this.found = number;
    if (number != this.own) this.release(this.own);
  }

  private release(number: i32): void {
    this.shared.update(Bytes.EMPTY, new ReleaseNumber(number));
  }
}

// @ts-ignore: decorator
@lazy
let search: Search | null = null;
// @ts-ignore: decorator
@lazy
let listeners: WorkerListener | null = null;

/** Tells the listener on which thread its VM runs, at once or as soon as that is known. Valid while a plugin is configured. */
export function findWorker(listener: WorkerListener): void {
  listener.nextListener = listeners;
  listeners = listener;
  const known = search;
  if (known !== null) {
    if (known.result >= 0) listener.onWorker(known.result);
    return;
  }
  const begun = new Search();
  search = begun;
  begun.begin();
}

/** The last plugin of the VM has ended: gives the thread's number to whoever looks for one next. */
export function leaveThread(): void {
  const known = search;
  search = null;
  listeners = null;
  if (known !== null) known.end();
}

/** Something has come into a queue that may be a thread's; false when it is another's. */
export function workerQueueReady(pluginId: u32, token: u32): bool {
  const known = search;
  if (known === null) return false;
  const interrupted = enterPlugin(Callback.QueueReady, pluginId);
  const before = known.result;
  const isWorkers = known.hear(token);
  if (known.result != before) tell(known.result);
  leave(interrupted);
  return isWorkers;
}

function tell(number: i32): void {
  let listener = listeners;
  while (listener !== null) {
    listener.onWorker(number);
    listener = listener.nextListener;
  }
}

function queueName(number: i32): Bytes {
  return utf8("proxy_wasm.worker\0").concat(Bytes.fromInteger(number));
}
