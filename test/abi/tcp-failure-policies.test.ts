import type { PluginOptions, StartedNetworkProxy } from "proxy-wasm-harness";
import { expect, networkFilterTest, type NetworkFilterTest } from "proxy-wasm-harness/vitest";
import { guest } from "../guests/guest.ts";
import { backend } from "../project.ts";
import { echo, text } from "./connections.ts";

type Failing = Pick<PluginOptions, "name" | "failurePolicy" | "reloadIntervalMs">;

const isVirtual = backend === "embedded";
const trapping = (failing: Failing): NetworkFilterTest =>
  networkFilterTest(guest("traps-on-data"), undefined, { allowTraps: true, ...failing });

/** Sends a word on a connection of its own: what comes back until it is over, or the word. */
async function say(proxy: StartedNetworkProxy, word: string): Promise<string> {
  const connection = await proxy.connect();
  await connection.send(word);
  return connection.receive(word.length).then(text, () => connection.closed());
}

trapping({ failurePolicy: "FAIL_OPEN" })(
  "connections that follow a trap pass without the filter",
  async ({ proxy, upstream }) => {
    echo(upstream);
    const said = [await say(proxy, "one"), await say(proxy, "two"), await say(proxy, "three")];

    expect(said).toEqual(["ended", "two", "three"]);
  },
);

trapping({ name: "wire", failurePolicy: "FAIL_RELOAD", reloadIntervalMs: 20 })(
  "connections get a new VM once the interval is over",
  async ({ proxy, upstream }) => {
    echo(upstream);
    expect(await say(proxy, "one")).toBe("ended");
    if (isVirtual) await proxy.clock.advance(30);
    const traps = async (): Promise<number> => {
      await say(proxy, "x"); // whose connection is over once the filter has trapped
      await proxy.settled();
      return proxy.traps.length;
    };
    await expect.poll(traps, { interval: 5 }).toBe(2);

    expect(proxy.stats).toHaveCounter("wasm.wire.vm_reload_success", 1);
  },
);
