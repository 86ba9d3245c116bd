import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { RecordingHost } from "../recording-host.ts";
import { build } from "../sample-filter.ts";

describe("timers", () => {
  let host: RecordingHost;
  /** Lets the clock go on, ticks, and returns what was logged or asked of the tick. */
  const tickAfter = (ms: number): string[] => {
    host.calls.length = 0;
    host.nowNanos += BigInt(Math.round(ms * 1e6));
    host.guest.proxy_on_tick(1);
    return host.calls.filter((call) => !call.startsWith("clock"));
  };

  beforeEach(async () => {
    const timer = `class Say extends Timer {
      constructor(readonly text: string) { super(); }
      onTime(): void { log.info(this.text); }
    }`;
    const body = `const say = new Say("once"); this.plugin.after(25, say); this.plugin.after(15, say);
      this.plugin.every(10, new Say("again")); return Action.Continue;`;
    host = new RecordingHost(await build(body, timer));
    host.configure();
    host.request();
  });

  test("set the tick to the earliest of them", () => {
    expect(host.calls.filter((call) => call.startsWith("tick"))).toEqual([
      ...["tick 0", "tick 25", "tick 15", "tick 10"],
    ]);
  });

  test("happen in the order of their deadlines", () => {
    expect(tickAfter(10)).toEqual(["log 2 again", "tick 5"]);
    expect(tickAfter(5)).toEqual(["log 2 once", "tick 5"]);
    expect(tickAfter(5)).toEqual(["log 2 again", "tick 10"]);
  });

  test("that are not due wait for the next tick", () => {
    expect(tickAfter(5.5)).toEqual(["tick 1"]);
    expect(tickAfter(0.4)).toEqual(["tick 1"]);
  });

  test("happen when the host says that their time has come, if its clock lacks no more than 4 ms", () => {
    expect(tickAfter(9.5)).toEqual(["log 2 again", "tick 5"]);
  });

  test("that are set in a tick which is early wait for their time", async () => {
    const again = `class Again extends Timer {
      constructor(readonly plugin: BasicPlugin) { super(); }
      onTime(): void { log.info("again"); this.plugin.after(1, this); }
    }`;
    host = new RecordingHost(
      await build("this.plugin.after(10, new Again(this.plugin)); return Action.Continue;", again),
    );
    host.configure();
    host.request();
    expect(tickAfter(6)).toEqual(["log 2 again", "tick 1"]);
    expect(tickAfter(1)).toEqual(["log 2 again", "tick 1"]);
    expect(tickAfter(5)).toEqual(["log 2 again", "tick 1"]);
  });

  test("that come late keep their times", () => {
    expect(tickAfter(13)).toEqual(["log 2 again", "tick 2"]);
    expect(tickAfter(2)).toEqual(["log 2 once", "tick 5"]);
  });

  test("that were missed are not made up for, and keep their times", () => {
    expect(tickAfter(1003)).toEqual(["log 2 again", "log 2 once", "tick 7"]);
  });

  test("of a plugin that the module does not know do nothing", () => {
    host.calls.length = 0;
    host.guest.proxy_on_tick(99);
    expect(host.calls).toEqual([]);
  });
});

describe("timers of a host whose ticks are early", () => {
  let wasm: Uint8Array<ArrayBuffer>;

  /** Each stream sets a timer for as many milliseconds as its number, and those from 1000 on one that repeats. */
  beforeAll(async () => {
    const timer = `class Say extends Timer {
      constructor(readonly ms: u32) { super(); }
      onTime(): void { log.info(this.ms.toString()); }
    }`;
    wasm = await build(
      `const ms = this.contextId % 1000;
      if (ms == this.contextId) this.plugin.after(ms, new Say(ms));
      else this.plugin.every(ms, new Say(ms));
      return Action.Continue;`,
      timer,
    );
  });

  /** What happens, and what is asked of the tick, when ticks come after so many milliseconds. */
  function happening(streams: readonly number[], ticksMs: readonly number[]): string[] {
    const host = new RecordingHost(wasm);
    host.configure();
    for (const stream of streams) host.request(stream);
    const began = host.nowNanos;
    return ticksMs.map((ms) => {
      host.calls.length = 0;
      host.nowNanos = began + BigInt(Math.round(ms * 1e6));
      host.guest.proxy_on_tick(1);
      const calls = host.calls.filter((call) => !call.startsWith("clock"));
      return calls.join(", ").replaceAll("log 2 ", "");
    });
  }

  const again = 1000;

  // A table: one line a case.
  // prettier-ignore
  test.each<[fact: string, streams: number[], ticksMs: number[], expected: string[]]>([
    ["a tick is set for as much before a deadline as ticks were early", [10, 30], [7, 27], ["10, tick 20", "30, tick 0"]],
    ["a tick that is earlier still waits for the rest", [10, 30], [7, 26.5, 27], ["10, tick 20", "tick 1", "30, tick 0"]],
    ["what is due before the host's clock goes on happens at once", [10, 20, 22, 23, 24], [6, 19], ["10, tick 10", "20, 22, 23, tick 1"]],
    ["so it does in the first tick that is early", [10, 20, 21, 22], [10, 18], ["10, tick 10", "20, tick 1"]],
    ["nothing happens more than 4 ms early", [10], [1, 5.999, 6], ["tick 5", "tick 1", "10, tick 0"]],
    ["ticks that are in time take what is due alone", [10, 11, 12], [10, 11.5, 12.5], ["10, tick 1", "11, tick 1", "12, tick 0"]],
    ["what repeats happens once in a tick, at the times of its period", [10, again + 20], [6, 16, 37, 56, 77], ["10, tick 10", "20, tick 20", "20, tick 19", "20, tick 20", "20, tick 19"]],
    ["what repeats faster than the host's clock goes on happens in each tick", [again + 3], [1, 4, 8, 12, 16], ["3, tick 3", "3, tick 3", "3, tick 2", "3, tick 1", "3, tick 3"]],
  ])("%s", (_, streams, ticksMs, expected) => {
    expect(happening(streams, ticksMs)).toEqual(expected);
  });
});
