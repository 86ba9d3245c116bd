import type { Callback } from "../abi.ts";
import type { StreamScenario } from "../play.ts";
import type { Step } from "../program.ts";
import type { Place } from "./place.ts";

export const metadataCallbacks = [
  "proxy_on_request_metadata",
  "proxy_on_response_metadata",
] as const satisfies readonly Callback[];

/** A request and a response with METADATA behind their headers, as HTTP/2 has it. */
export const withMetadata = {
  request: {
    method: "POST",
    headers: [["x-a", "1"]],
    body: "request body",
    metadata: [
      ["a", "1"],
      ["b", "two"],
    ],
  },
  response: { headers: { "x-up": "1" }, body: "response body", metadata: { c: "three" } },
} as const satisfies Omit<StreamScenario, "program">;

/** In the callbacks of METADATA. */
export const ofMetadata: readonly Place[] = metadataCallbacks.map((callback) => ({
  name: callback,
  scenario: (steps: readonly Step[]): StreamScenario => ({
    ...withMetadata,
    program: { [callback]: { steps } },
  }),
}));
