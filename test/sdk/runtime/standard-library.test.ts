import { describe, expect, test } from "vitest";
import { RecordingHost } from "../recording-host.ts";
import { build, callsOf } from "../sample-filter.ts";

describe("the standard library", () => {
  test("Date.now and currentTimeNanos ask the proxy's clock in a callback", async () => {
    const body =
      "log.info(Date.now().toString() + ' ' + currentTimeNanos().toString()); return Action.Continue;";
    expect(await callsOf(body)).toEqual([
      "clock proxy",
      "clock proxy",
      "log 2 1700000000123 1700000000123456789",
    ]);
  });

  test("Date.now asks WASI's clock while the module is initialised", async () => {
    const body = "log.info(start.toString()); return Action.Continue;";
    expect(await callsOf(body, "const start = Date.now();")).toEqual(["clock wasi 0", "log 2 1700000000123"]);
  });

  test("Math.random is seeded by WASI", async () => {
    expect(await callsOf("return Math.random() < 1 ? Action.Continue : Action.Pause;")).toEqual(["random 8"]);
  });

  describe("where the host refuses random bytes,", () => {
    const refusals = { random_get: 76 };
    const refused = "log 4 random_get was refused by the host with status 76";

    test("Math.random starts from the clock, and says so", async () => {
      const wasm = await build("log.info(Math.random().toString()); return Action.Continue;");
      const drawn = [0n, 1_000_000n].map((later) => {
        const host = new RecordingHost(wasm, { refusals });
        host.nowNanos += later;
        host.configure();
        host.request();
        expect(host.calls.slice(0, 2)).toEqual([refused, "clock proxy"]);
        return host.calls[2];
      });
      expect(drawn[0]).not.toBe(drawn[1]);
    });

    test("Math.random starts from WASI's clock while the module is initialised", async () => {
      const body = "log.info((start < 1).toString()); return Action.Continue;";
      const expected = [refused, "clock wasi 0", "log 2 true"];
      expect(await callsOf(body, "const start = Math.random();", { refusals })).toEqual(expected);
    });

    test("crypto traps, and says why", async () => {
      const body = "crypto.getRandomValues(new Uint8Array(8)); return Action.Continue;";
      const host = new RecordingHost(await build(body), { refusals });
      host.configure();
      expect(() => host.request()).toThrow("unreachable");
      expect(host.calls).toEqual([refused]);
    });
  });

  test("crypto fills an array of any size, for Envoy gives no more than 64 KiB at once", async () => {
    const body = "crypto.getRandomValues(new Uint8Array(150_000)); return Action.Continue;";
    expect(await callsOf(body)).toEqual(["random 65536", "random 65536", "random 18928"]);
  });

  test("console and trace write to the proxy's log", async () => {
    const body =
      'console.log("a"); console.warn("b"); console.error("c"); trace("t", 2, 1.5, 2); return Action.Continue;';
    expect(await callsOf(body)).toEqual(["log 2 a", "log 3 b", "log 4 c", "log 0 t 1.5, 2.0"]);
  });
});
