import { expect, test } from "vitest";
import { RecordingHost } from "../recording-host.ts";
import { build } from "../sample-filter.ts";

const numbers = "proxy_wasm.workers\0";
const [older, own] = [1, 2];
const wasm = build(
  "gauge().add(); return Action.Continue;",
  `import { WorkerGauge } from "as-proxy-wasm";
   function gauge(): WorkerGauge { return WorkerGauge.of("active"); }`,
);

/** A VM on whose host the number 0 is taken, with one stream begun; its own number is 1. */
async function started(): Promise<RecordingHost> {
  const host = new RecordingHost(await wasm);
  host.shared.set(numbers, { bytes: Buffer.from("+"), cas: 1 });
  host.configure();
  host.queues.push("proxy_wasm.worker\x000");
  host.request();
  return host;
}

/** What the host calls are that come of a message in a queue. */
function told(host: RecordingHost, queue: number): string[] {
  const before = host.calls.length;
  host.guest.proxy_on_queue_ready(1, queue);
  return host.calls.slice(before);
}

const taken = (host: RecordingHost): string => Buffer.from(host.shared.get(numbers)?.bytes ?? []).toString();

test("a new VM writes to the queue of each number that is taken, and to one of its own", async () => {
  const { calls } = await started();

  expect(calls).toEqual(["register proxy_wasm.worker\x001", `enqueue ${older}`, `enqueue ${own}`]);
});

test("a VM that is told of its own queue has its own number, though another VM took the message", async () => {
  const host = await started();

  expect(told(host, own)).toEqual(["define 1 active{worker=1}", "record 4 1"]);
  expect(told(host, own)).toEqual([]);
  expect(taken(host)).toBe("++");
});

test("a VM that is told of an older queue has that number, and gives its own back", async () => {
  const host = await started();

  expect(told(host, older)).toEqual(["define 1 active{worker=0}", "record 4 1"]);
  expect(told(host, own)).toEqual([]);
  expect(taken(host)).toBe("+-");
});

test("a VM that hears of an older queue after its own shows nothing under its own number any more", async () => {
  const host = await started();
  told(host, own);

  expect(told(host, older)).toEqual(["record 4 0", "define 1 active{worker=0}", "record 8 1"]);
  expect(told(host, own)).toEqual([]);
  expect(taken(host)).toBe("+-");
});
