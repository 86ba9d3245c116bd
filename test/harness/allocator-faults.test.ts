import { startProxy, type AllocatorFault, type StartedProxy } from "proxy-wasm-harness";
import { expect, test } from "vitest";
import { guest } from "../guests/guest.ts";

const plugin = (name: string) => ({ filter: guest("raw/asks-thrice"), name });

function start(...allocatorFaults: AllocatorFault[]): Promise<StartedProxy> {
  return startProxy({ chain: [plugin("first"), plugin("second")], allocatorFaults });
}

/** The statuses that the filters were answered with two requests: three of the first filter, three of the second. */
async function statuses(...faults: AllocatorFault[]): Promise<string> {
  await using proxy = await start(...faults);
  await proxy.get("/");
  await proxy.get("/");
  await proxy.settled();
  return proxy.logs.map(({ message }) => message).join("");
}

test.for([
  ["none", [], "000000000000"],
  ["the next", [{}], "600000000000"],
  ["the fifth", [{ nth: 5 }], "000060000000"],
  ["two from the third on", [{ nth: 3, times: 2 }], "006600000000"],
  ["all from the eighth on", [{ nth: 8, times: Infinity }], "000000066666"],
  ["the second of one plugin", [{ plugin: "second", nth: 2 }], "000060000000"],
  ["two at once", [{ plugin: "second", nth: 4 }, { nth: 2 }], "060000000600"],
] as const)("of the allocations, %s fails with InvalidMemoryAccess", async ([, faults, seen]) => {
  expect(await statuses(...faults)).toBe(seen);
});

test.for([
  [{ nth: 0 }, /allocatorFaults: nth counts from 1, and 0 does not/],
  [{ nth: 1.5 }, /nth counts from 1, and 1\.5 does not/],
  [{ times: 0 }, /times counts from 1, and 0 does not/],
  [{ plugin: "frist" }, /allocatorFaults\.plugin.*first/],
  [{ after: 1 }, /allocatorFaults: unknown option "after"/],
] as const)("the fault %o is refused", async ([fault, words]) => {
  await expect(start(fault as AllocatorFault)).rejects.toMatchObject({
    code: "invalid_input",
    message: expect.stringMatching(words),
  });
});

test("a real Envoy, whose allocations nobody can reach, refuses them", async () => {
  const started = startProxy({ backend: "envoy", chain: [plugin("first")], allocatorFaults: [{}] });

  await expect(started).rejects.toMatchObject({
    code: "unsupported",
    message: expect.stringMatching(/needs: \["allocator-faults"\]/),
  });
});
