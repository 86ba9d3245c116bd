import { readFile } from "node:fs/promises";
import { beforeAll, describe, expect, test } from "vitest";
import { RecordingHost } from "../../sdk/recording-host.ts";

const MISMATCH = 8;
const FAILURE = 10;
/** The seed of the hash is stored first. */
const AFTER_SEED = 1;

let wasm: Uint8Array<ArrayBuffer>;

beforeAll(async () => {
  wasm = new Uint8Array(await readFile(new URL("../../../build/rate-limit.wasm", import.meta.url)));
});

interface Rule {
  readonly name: string;
  readonly requests: number;
  readonly on_failure?: "allow" | "deny";
}

/** A worker with these rules, for all requests alike, on a host that answers stores as it is told. */
function start(rules: readonly Rule[], onStore: (count: number) => number | null): RecordingHost {
  const configuration = {
    rules: rules.map(({ requests, ...rule }) => ({
      ...rule,
      key: [{ constant: "all" }],
      limit: { requests, per: "day" },
    })),
  };
  const host = new RecordingHost(wasm, {
    rootId: "rate-limit",
    configuration: JSON.stringify(configuration),
    onStore,
    headers: [[":path", "/"]],
  });
  expect(host.configure()).toBe(true);
  return host;
}

/** Why each of so many requests was refused, "admitted" for one that was not. */
function ask(host: RecordingHost, count: number): string[] {
  return Array.from({ length: count }, () => {
    const before = host.calls.length;
    host.request();
    const [, reason = "admitted"] = /respond 429 (\w+)/.exec(host.calls.slice(before).join("\n")) ?? [];
    return reason;
  });
}

describe("a host that cannot keep counts", () => {
  const verdicts = { allow: "admitted", deny: "rate_limit_failed" } as const;

  test.each(["allow", "deny"] as const)("leaves it to on_failure: %s", (on_failure) => {
    const host = start([{ name: "r", requests: 1, on_failure }], (count) =>
      count > AFTER_SEED ? FAILURE : null,
    );

    expect(ask(host, 2)).toEqual([verdicts[on_failure], verdicts[on_failure]]);
  });

  test.each(["allow", "deny"] as const)(
    "so does one where others are always faster: %s, after 256 attempts",
    (on_failure) => {
      let stores = 0;
      const host = start([{ name: "r", requests: 1, on_failure }], (count) => {
        stores = count;
        return count > AFTER_SEED ? MISMATCH : null;
      });

      expect(ask(host, 1)).toEqual([verdicts[on_failure]]);
      expect(stores - AFTER_SEED).toBe(256);
    },
  );
});

test("a worker that was slower counts on what the faster one has left", () => {
  const host: RecordingHost = start([{ name: "r", requests: 3 }], (count) => {
    if (count === AFTER_SEED + 1) ask(host, 2); // another request comes in between, as if of another worker
    return null;
  });

  expect(ask(host, 2)).toEqual(["admitted", "rate_limit_exceeded"]);
});

test("what was taken from one rule is given back when another turns out to be used up", () => {
  const rules = [
    { name: "plenty", requests: 4 },
    { name: "scarce", requests: 1 },
  ];
  let isRacing = true;
  const host: RecordingHost = start(rules, (count) => {
    // The first request has taken from "plenty" and is about to take from "scarce", when another one takes both.
    if (count === AFTER_SEED + 2 && isRacing) {
      isRacing = false;
      expect(ask(host, 1)).toEqual(["admitted"]);
    }
    return null;
  });

  expect(ask(host, 1)).toEqual(["rate_limit_exceeded"]);
  const undisturbed = start(rules, () => null);
  ask(undisturbed, 1);
  expect([...host.shared]).toEqual(
    [...undisturbed.shared].map(([key, { bytes }]) => [key, { bytes, cas: expect.any(Number) }]),
  );
});
