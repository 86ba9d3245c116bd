import { Bytes, SharedQueue, SharedUpdate, Timer } from "as-proxy-wasm";
import { ToldPlugin } from "./plugin";
import { Script } from "./script";

enum PluginOp {
  After,
  Every,
  CancelTimer,
  IsTimerSet,
  SharedGet,
  SharedSet,
  SharedReplace,
  SharedUpdate,
  Enqueue,
  Dequeue,
  ReadQueue,
}

export function runPluginOp(script: Script, plugin: ToldPlugin): void {
  switch (script.code()) {
    case PluginOp.After:
      return plugin.after(script.int(), timerOf(script, plugin));
    case PluginOp.Every:
      return plugin.every(script.int(), timerOf(script, plugin));
    case PluginOp.CancelTimer:
      return plugin.toldTimers[script.code() & 3].cancel();
    case PluginOp.IsTimerSet:
      return script.sayFlag(plugin.toldTimers[script.code() & 3].isSet);
    case PluginOp.SharedGet: {
      const value = plugin.sharedData.get(script.bytes());
      return script.sayMaybe(value === null ? null : value.bytes);
    }
    case PluginOp.SharedSet:
      return script.sayFlag(plugin.sharedData.set(script.bytes(), script.bytes()));
    case PluginOp.SharedReplace: {
      const key = script.bytes();
      const seen = plugin.sharedData.get(key);
      const value = script.bytes();
      return script.sayNumber(plugin.sharedData.replace(key, value, script.flag() ? null : seen));
    }
    case PluginOp.SharedUpdate:
      return script.sayNumber(plugin.sharedData.update(script.bytes(), new Append(script.bytes())));
    case PluginOp.Enqueue: {
      const queue = SharedQueue.find(script.bytes(), script.bytes());
      const message = script.bytes();
      return script.sayFlag(queue !== null && queue.enqueue(message));
    }
    case PluginOp.Dequeue: {
      const queue = SharedQueue.find(script.bytes());
      return script.sayMaybe(queue === null ? null : queue.dequeue());
    }
    default:
      return script.sayFlag(plugin.readQueue(script.bytes(), plugin.reader(script.script())));
  }
}

/** Which timer, and what it is to do. */
export function timerOf(script: Script, plugin: ToldPlugin): Timer {
  const timer = plugin.toldTimers[script.code() & 3];
  timer.then = script.script();
  return timer;
}

/** Puts bytes behind a value; no bytes leave it as it is. */
class Append extends SharedUpdate {
  constructor(private readonly more: Bytes) {
    super();
  }

  next(current: Bytes | null): Bytes | null {
    if (this.more.length == 0) return null;
    return current === null ? this.more : current.concat(this.more);
  }
}
