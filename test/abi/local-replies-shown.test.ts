import { expect, filterTest } from "proxy-wasm-harness/vitest";
import { inject } from "vitest";
import { guest } from "../guests/guest.ts";

const isVirtual = inject("proxyWasmBackend") === "embedded";

/** What a filter does with its own answer, and whether that is refused: never is the answer lost. */
const cases: Array<[then: string, error: string | null]> = [
  ["respond", "a local reply was refused in onResponseHeaders"],
  ["close", "close was refused in onResponseHeaders"],
  ["respond_to_body", "a local reply was refused in the response body's callback"],
  ["buffer", null],
  ["pause", null],
  ["pause_body", null],
];

for (const [then, error] of cases) {
  filterTest(guest("answers-early"), { then })(
    `an answer of the filter's own reaches the client though the filter then wants to ${then}`,
    async ({ proxy, upstream }) => {
      for (let i = 0; i < 2; i++) {
        const pending = proxy.get("/");
        if (isVirtual) await proxy.clock.advance(10);
        const response = await pending;

        expect(response).toHaveStatus(403);
        expect(response.text()).toBe("the filter's own");
      }
      await proxy.settled();

      expect(upstream.requests).toEqual([]);
      const errors = proxy.logs.filter(({ level }) => level === "error").map(({ message }) => message);
      const answered = "the filter has answered or closed the stream already";
      expect(errors).toEqual(error === null ? [] : [`${error}: ${answered}`]);
    },
  );
}
