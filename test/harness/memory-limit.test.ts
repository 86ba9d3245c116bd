import { startNetworkProxy, startProxy, type LimitOptions, type StartedProxy } from "proxy-wasm-harness";
import { expect, test } from "vitest";
import { guest } from "../guests/guest.ts";

const MIB = 1 << 20;
const hoarding = [
  { filter: guest("never-ends"), configuration: { in: "request_headers", way: "allocations" } },
];

function start(limits: LimitOptions): Promise<StartedProxy> {
  return startProxy({ chain: hoarding, limits });
}

test("a filter that allocates for ever traps with its line and the limit", async () => {
  await using proxy = await start({ memoryBytes: 64 * MIB });

  await expect(proxy.get("/")).rejects.toMatchObject({
    code: "filter_trapped",
    message: expect.stringMatching(
      /plugin "never-ends" trapped in proxy_on_request_headers at \S+never-ends\/index\.ts:\d+:\d+.*: unreachable: out of memory: it was refused more than 6[0-4] MiB \(limits\.memoryBytes allows 64 MiB\)\n/,
    ),
  });
});

test("without a limit of the test's own the memory ends where Envoy's does", async () => {
  await using proxy = await startProxy({ chain: [{ filter: guest("raw/grows") }] });

  await expect(proxy.get("/")).rejects.toThrow(
    /refused more than 1024 MiB \(limits\.memoryBytes allows 1024 MiB\)/,
  );
});

test("a module's own maximum stays when it is the smaller one", async () => {
  await using proxy = await startProxy({ chain: [{ filter: guest("raw/grows-to-1-mib") }] });

  await expect(proxy.get("/")).rejects.toThrow(
    /refused more than 1 MiB \(limits\.memoryBytes allows 1024 MiB\)/,
  );
});

test("a trap of another kind does not speak of memory", async () => {
  const chain = [{ filter: guest("traps"), configuration: { in: "request_headers", how: "unreachable" } }];
  await using proxy = await startProxy({ chain, limits: { memoryBytes: MIB } });

  await expect(proxy.get("/")).rejects.toThrow(/trapped in proxy_on_request_headers at \S+: unreachable\n/);
});

test("a refusal that the filter did without is not blamed for a later trap", async () => {
  await using proxy = await startProxy({ chain: [{ filter: guest("raw/grows-softly") }] });

  const refused = proxy.get("/").then(() => proxy.settled());

  await expect(refused).rejects.toThrow(/trapped in proxy_on_log: unreachable\n/);
});

test("a module that starts with more than the limit is refused", async () => {
  await expect(
    startProxy({ chain: [{ filter: guest("raw/two-pages") }], limits: { memoryBytes: 65_536 } }),
  ).rejects.toMatchObject({
    code: "configuration_refused",
    message: expect.stringMatching(
      /its memory starts with 131072 bytes, and limits\.memoryBytes allows 65536/,
    ),
  });
});

test.for([
  [{ callbackMs: 0 }, /limits\.callbackMs: 0 must be more than 0/],
  [{ callbackMs: Number.NaN }, /limits\.callbackMs: NaN must be/],
  [{ memoryBytes: 1_000 }, /limits\.memoryBytes: 1000 must be from 65536/],
  [{ memoryBytes: 2 ** 33 }, /limits\.memoryBytes: 8589934592 must be .* to 4294967296/],
  [{ memoryMib: 64 }, /limits: unknown option "memoryMib": there are callbackMs, memoryBytes/],
] as const)("the limits %o are refused", async ([limits, words]) => {
  await expect(start(limits as LimitOptions)).rejects.toMatchObject({
    code: "invalid_input",
    message: expect.stringMatching(words),
  });
});

test.for(["envoy", "container"] as const)(
  "limits are refused in the backend %s, which has none",
  async (backend) => {
    const options = { backend, chain: hoarding, limits: {} };

    for (const started of [startProxy(options), startNetworkProxy(options)])
      await expect(started).rejects.toMatchObject({
        code: "unsupported",
        message: expect.stringMatching(/needs: \["limits"\].*vitest --project embedded/),
      });
  },
);
