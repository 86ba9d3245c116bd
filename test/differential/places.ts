import type { Callback } from "./host-calls.ts";
import type { Part, Program, Step } from "./program.ts";
import type { Scenario } from "./play.ts";

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

const resume: readonly Step[] = [
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

export const streamCallbacks = [
  ...[
    "proxy_on_context_create",
    "proxy_on_request_headers",
    "proxy_on_request_body",
    "proxy_on_request_trailers",
  ],
  ...["proxy_on_response_headers", "proxy_on_response_body", "proxy_on_response_trailers"],
  ...["proxy_on_log", "proxy_on_done", "proxy_on_delete"],
] as Callback[];

/** Where in a stream's life something is done, as the scenario that gets there. */
export const places: ReadonlyArray<readonly [place: string, scenario: (steps: readonly Step[]) => Scenario]> =
  [
    ...streamCallbacks.map(
      (callback) =>
        [
          callback,
          (steps: readonly Step[]) => ({ ...exchange, program: { [callback]: { steps } } }),
        ] as const,
    ),
    [
      "proxy_on_http_call_response",
      (steps) => ({
        ...exchange,
        service: { headers: { "x-up": "called" }, body: "answer", trailers: { "x-sum": "called" } },
        program: calling(steps),
      }),
    ],
  ];

/** Of a callback that returns something. */
export function returning(callback: Callback, part: Part): Scenario {
  return { ...exchange, program: { [callback]: part } };
}
