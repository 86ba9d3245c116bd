import type { StartedProxy } from "proxy-wasm-harness";
import { chainTest, expect } from "proxy-wasm-harness/vitest";
import { guest } from "../guests/guest.ts";

const reader = { filter: guest("queue-reader") };
const writer = { filter: guest("queue-writer") };
const test = chainTest([reader, writer]);
const acrossVms = chainTest([{ ...reader, vmId: "readers" }, writer]);

/**
 * Which VM reads a queue is a race of Envoy's threads: whichever opened it last, the main thread's or the worker's. With
 * this it is that of the request, which reads when the request's callback is over.
 */
const onTheWriter = ["x-take-over", ""] as const;

/** Sends messages and waits until so many are taken. */
async function write(
  proxy: StartedProxy,
  headers: ReadonlyArray<readonly [string, string]>,
  taken: number,
): Promise<string[]> {
  await proxy.get("/", { headers });
  const read = async (): Promise<number | null> => {
    await proxy.settled();
    return proxy.stats.get("queue_reader.taken");
  };
  await expect.poll(read, { interval: 5 }).toBe(taken);
  await proxy.settled(); // the callback that counted has logged, too
  return proxy.logs.map(({ message }) => message);
}

test("messages are taken in their order, each once, an empty one too", async ({ proxy }) => {
  const headers = ["one", "", "three"].map((message) => ["x-message", message] as const);

  expect(await write(proxy, [["x-queue", "messages"], ...headers], 3)).toEqual([
    ...["took <one>", "took <>", "took <three>"],
  ]);
});

test("each queue has its own messages", async ({ proxy }) => {
  await write(proxy, [["x-queue", "other"], ["x-message", "a"]], 1); // prettier-ignore

  expect(await write(proxy, [["x-queue", "messages"], ["x-message", "b"]], 2)) // prettier-ignore
    .toEqual(["took <a>", "took <b>"]);
});

test("a queue that is empty when its reader is told is nothing to it", async ({ proxy }) => {
  const headers = [onTheWriter, ["x-queue", "messages"], ["x-message", "a"], ["x-take", ""]] as const;
  await proxy.get("/", { headers });
  await expect.poll(async () => {
    await proxy.settled();
    return proxy.transcript.some(({ name }) => name === "proxy_on_queue_ready");
  }).toBe(true); // prettier-ignore
  await proxy.settled();

  expect(proxy.logs.map(({ message }) => message)).toEqual(["took back <a>"]);
});

/** How many messages were taken in each callback that took any. */
function takenAtOnce(proxy: StartedProxy): number[] {
  const names = proxy.transcript.map(({ name }) => name);
  const callbacks = names.join(" ").split("proxy_on_queue_ready").slice(1);
  const counts = callbacks.map((calls) => calls.split("proxy_increment_metric").length - 1);
  return counts.filter((count) => count > 0);
}

test("what a reader puts into its own queue comes in a callback of its own", async ({ proxy }) => {
  const headers = ["a", "again+++", "b"].map((message) => ["x-message", message] as const);
  const logs = await write(proxy, [onTheWriter, ["x-queue", "messages"], ...headers], 6);

  expect(logs).toEqual(["a", "again+++", "b", "again++", "again+", "again"].map((each) => `took <${each}>`));
  expect(takenAtOnce(proxy)).toEqual([2, 2, 1, 1]);
});

test("of many messages 256 are taken at once, and none is lost", async ({ proxy }) => {
  const times = ["x-times", "x".repeat(300)] as const;
  await write(proxy, [onTheWriter, ["x-queue", "messages"], ["x-message", "a"], times], 300); // prettier-ignore
  await write(proxy, [["x-queue", "other"], ["x-message", "b"]], 301); // prettier-ignore

  expect(takenAtOnce(proxy)).toEqual([256, 44, 1]);
});

test("a queue that nobody has made is not found", async ({ proxy }) => {
  expect(await write(proxy, [["x-queue", "message"]], 0)).toEqual(["no such queue"]); // prettier-ignore
});

acrossVms("a queue of another vm_id is found by it", async ({ proxy }) => {
  expect(await write(proxy, [["x-queue", "messages"]], 0)).toEqual(["no such queue"]); // prettier-ignore

  const headers = [["x-queue", "messages"], ["x-vm-id", "readers"], ["x-message", "a"]] as const; // prettier-ignore
  expect(await write(proxy, headers, 1)).toEqual(["no such queue", "took <a>"]);
});
