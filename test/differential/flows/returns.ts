import type { Callback } from "../host-calls.ts";
import type { Scenario } from "../play.ts";
import type { Part } from "../program.ts";
import { ask, ownStream, played, step, type Titled } from "./step.ts";

const directions = ["request", "response"] as const;
const [requestStream, responseStream] = [0, 1];

/** Whether what a callback returns waits for somebody to resume the stream; after a body the trailers do. */
const stops = {
  headers: (value: number) => value !== 0 && value !== 2,
  body: () => false,
  trailers: (value: number) => value !== 0,
};

/** What each callback may return, and that nothing resumes a stream that is stopped is seen, too. */
export const returned: readonly Titled[] = directions.flatMap((direction) =>
  (["headers", "body", "trailers"] as const).flatMap((part) =>
    [0, 1, 2, 3, 4, 5, 99, -1].map((value): Titled => {
      const callback: Callback = `proxy_on_${direction}_${part}`;
      const doesStop = stops[part](value);
      const scenario = doesStop ? resumedLater : (_: Callback, does: Part) => played({ [callback]: does });
      return [`${callback} returns ${value}`, scenario(callback, { steps: [], returns: value })];
    }),
  ),
);

/** A callback stops what a callout, begun before, resumes. */
function resumedLater(callback: Callback, part: Part): Scenario {
  const direction = callback.includes("request") ? requestStream : responseStream;
  return played({
    [callback]: { ...part, steps: [ask(), ...part.steps] },
    proxy_on_http_call_response: { steps: [ownStream, step("proxy_continue_stream", direction)] },
  });
}
