import { passing, type Callback } from "../abi.ts";
import type { StreamScenario } from "../play.ts";
import type { Program, Step } from "../program.ts";
import type { Place } from "./place.ts";

const held = 4;
const streamContext = 2;

/** A request and a response that make each callback of a stream. */
export const exchange = {
  request: {
    method: "POST",
    path: "/path?query=1",
    headers: [
      ["x-a", "1"],
      ["x-two", "first"],
      ["x-two", "second"],
      ["x-empty", ""],
      ["x-raw", "\u00ff\u00fe"],
      ["user-agent", "agent"],
      ["referer", "from"],
    ],
    body: "request body",
    trailers: { "x-sum": "request" },
  },
  response: { headers: { "x-up": "1" }, body: "response body", trailers: { "x-sum": "response" } },
} as const;

/** What lets the request go on from a callback of the plugin. */
export const resume: readonly Step[] = [
  { call: "proxy_set_effective_context", with: [streamContext] },
  { call: "proxy_continue_stream", with: [0] },
];

function calling(steps: readonly Step[]): Program {
  const made: Step = {
    call: "proxy_http_call",
    with: [
      "service",
      [
        [":method", "GET"],
        [":path", "/called"],
        [":authority", "service"],
      ],
      "asked",
      [],
      5_000,
    ],
  };
  return {
    proxy_on_request_headers: { steps: [made], returns: held },
    proxy_on_http_call_response: { steps: [...steps, ...resume] },
  };
}

export const streamCallbacks: readonly Callback[] = [
  "proxy_on_context_create",
  ...passing,
  ...(["proxy_on_log", "proxy_on_done", "proxy_on_delete"] as const),
];

/** In the callbacks of a stream, and of a callout that it waits for. */
export const ofStreams = [
  ...streamCallbacks.map((callback) => ({
    name: callback,
    scenario: (steps: readonly Step[]): StreamScenario => ({
      ...exchange,
      program: { [callback]: { steps } },
    }),
  })),
  {
    name: "proxy_on_http_call_response",
    scenario: (steps: readonly Step[]): StreamScenario => ({
      ...exchange,
      service: { headers: { "x-up": "called" }, body: "answer", trailers: { "x-sum": "called" } },
      program: calling(steps),
    }),
  },
] satisfies readonly Place[];
