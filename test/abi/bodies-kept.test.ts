import type { StartedProxy } from "proxy-wasm-harness";
import { expect, filterTest } from "proxy-wasm-harness/vitest";
import { inject } from "vitest";
import { guest } from "../guests/guest.ts";

const isVirtual = inject("proxyWasmBackend") === "embedded";
const body = ["one ", "two"];
const headers = { "transfer-encoding": "chunked" };

/** What the filter logged of the bytes that it had kept, once it has touched them. */
async function touched(proxy: StartedProxy): Promise<string[]> {
  const lines = async (): Promise<string[]> => {
    await proxy.settled();
    return proxy.logs.filter(({ level }) => level === "info").map(({ message }) => message);
  };
  await expect.poll(lines, { interval: 5 }).not.toEqual([]);
  return lines();
}

const gone = [
  ...["continue"].flatMap((returns) =>
    ["trailers", "log", "plugin_timer"].map((touch) => ({ returns, touch })),
  ),
  ...["timer", "plugin_timer"].map((touch) => ({ returns: "pause_sender", touch })),
];

for (const keeps of gone) {
  filterTest(guest("keeps-bodies"), keeps)(
    `a body that is kept is empty, and not changed, when it is not held by Pause: ${JSON.stringify(keeps)}`,
    async ({ proxy, upstream }) => {
      upstream.respond({ headers, body, trailers: keeps.touch === "trailers" ? { "x-sum": "6" } : {} });
      const pending = proxy.get("/");
      if (isVirtual) await proxy.clock.advance(10);

      expect((await pending).text()).toBe("one two");
      if (isVirtual) await proxy.clock.advance(10);
      expect(new Set(await touched(proxy))).toEqual(new Set(["kept: 0 ", "unchanged"]));
      expect(proxy.logs).toHaveLogged(
        "error",
        /a change of the response's body was refused in .*: it has gone on/,
      );
    },
  );
}

for (const touch of ["timer", "plugin_timer"]) {
  filterTest(guest("keeps-bodies"), { returns: "pause", touch })(
    `a body that is held by Pause is read and changed by a ${touch}`,
    async ({ proxy, upstream }) => {
      upstream.respond({ headers, body: "one" });
      const pending = proxy.get("/");
      if (isVirtual) await proxy.clock.advance(10);

      expect((await pending).text()).toMatch(/^one!+$/);
      expect(await touched(proxy)).toEqual(expect.arrayContaining(["kept: 3 one", "changed"]));
      expect(proxy.logs.filter(({ level }) => level === "error")).toEqual([]);
    },
  );
}
