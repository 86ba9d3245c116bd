import fc from "fast-check";
import { flag } from "./bytes.ts";
import { maybe } from "./fields.ts";
import { hostile } from "./hostile.ts";
import { operation, type Step } from "./steps.ts";

const mostAttempts = 256;
const [YES, LOST, UNCHANGED] = ["0", "1", "3"];

const key = fc.constantFrom("k", "l", "\xff\0", "");
const queue = fc.constantFrom("jobs", "other", "none", "");
const delay = fc.oneof(fc.nat({ max: 50 }), fc.constantFrom(0, -1, 0x7fffffff));
const slot = fc.nat({ max: 5 }).map((code) => ({ code }));

/** What belongs to the plugin; `after` are the steps of timers and readers. */
// A table: one line an operation.
// prettier-ignore
export const pluginOperations = (after: fc.Arbitrary<Step[]>) => {
  const then = after.map((steps) => ({ first: [], steps }));
  const reading = fc.tuple(queue, after).map(([name, steps]) => [name, { first: [{ model: name }], steps }] as const);
  return [
    operation("Plugin.After", fc.tuple(delay, slot, then)),
    operation("Plugin.Every", fc.tuple(delay, slot, then)),
    operation("Plugin.CancelTimer", fc.tuple(slot)),
    operation("Plugin.IsTimerSet", fc.tuple(slot)),
    operation("Plugin.SharedGet", fc.tuple(key), ([name], world) => maybe(world.shared.get(name))),
    operation("Plugin.SharedSet", fc.tuple(key, hostile), ([name, value], world) => world.store(name, value)),
    operation("Plugin.SharedReplace", fc.tuple(key, hostile, fc.boolean()), ([name, value, isFirst], world) => {
      const wasThere = world.shared.has(name);
      const isLost = world.letRivalStore(name) || (isFirst && wasThere);
      if (!isLost) world.shared.set(name, value);
      return isLost ? LOST : YES;
    }),
    operation("Plugin.SharedUpdate", fc.tuple(key, hostile), ([name, more], world) => {
      if (more === "") return UNCHANGED;
      for (let i = 0; i < mostAttempts; i++) {
        const seen = world.shared.get(name) ?? "";
        if (world.letRivalStore(name)) continue;
        world.shared.set(name, seen + more);
        return YES;
      }
      return LOST;
    }),
    operation("Plugin.Enqueue", fc.tuple(queue, hostile, hostile), ([name, , message], world) => {
      const known = world.queues.get(name);
      known?.push(message);
      return flag(known !== undefined);
    }),
    operation("Plugin.Dequeue", fc.tuple(queue), ([name], world) => maybe(world.queues.get(name)?.shift())),
    operation("Plugin.ReadQueue", reading, ([name], world) => {
      if (!world.queues.has(name)) world.queues.set(name, []);
      return "1";
    }),
  ];
};
