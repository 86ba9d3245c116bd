import { beforeEach, describe, expect, test } from "vitest";
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
    expect(tickAfter(5.5)).toEqual(["tick 5"]);
  });

  test("happen when the host says that their time has come, if its clock lacks no more than 4 ms", () => {
    expect(tickAfter(9.5)).toEqual(["log 2 again", "tick 6"]);
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
    expect(tickAfter(6)).toEqual(["log 2 again", "tick 5"]);
    expect(tickAfter(5)).toEqual(["log 2 again", "tick 1"]);
  });

  test("that come late keep their times", () => {
    expect(tickAfter(13)).toEqual(["log 2 again", "tick 2"]);
    expect(tickAfter(2)).toEqual(["log 2 once", "tick 5"]);
  });

  test("that were missed are not made up for", () => {
    expect(tickAfter(1000)).toEqual(["log 2 again", "log 2 once", "tick 10"]);
  });

  test("of a plugin that the module does not know do nothing", () => {
    host.calls.length = 0;
    host.guest.proxy_on_tick(99);
    expect(host.calls).toEqual([]);
  });
});
