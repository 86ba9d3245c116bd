import type { Callback } from "../abi.ts";
import type { ConnectionScenario } from "../play.ts";
import type { Step } from "../program.ts";
import type { Place } from "./place.ts";

const connectionContext = 2;

/** A conversation that makes each callback of a connection. */
export const conversation = {
  turns: [["sends", "request"], ["receives", 1], ["ends"], ["receives the rest"], ["is closed"]],
} as const satisfies Omit<ConnectionScenario, "program">;

/** What lets a connection go on from a callback of the plugin. */
export const resumeConnection: readonly Step[] = [
  { call: "proxy_set_effective_context", with: [connectionContext] },
  { call: "proxy_continue_stream", with: [2] },
];

/** A callout to the service. */
export const asking: Step = {
  call: "proxy_http_call",
  with: [
    "service",
    [
      [":method", "GET"],
      [":path", "/asked"],
      [":authority", "service"],
    ],
    "asked",
    [],
    5_000,
  ],
};

export const connectionCallbacks = [
  "proxy_on_context_create",
  "proxy_on_new_connection",
  "proxy_on_downstream_data",
  "proxy_on_upstream_data",
  "proxy_on_upstream_connection_close",
  "proxy_on_downstream_connection_close",
  "proxy_on_done",
  "proxy_on_log",
  "proxy_on_delete",
] as const satisfies readonly Callback[];

/** In the callbacks of a connection, and of a callout that it waits for. */
export const ofConnections: readonly Place[] = [
  ...connectionCallbacks.map((callback) => ({
    name: `${callback} of a connection`,
    scenario: (steps: readonly Step[]): ConnectionScenario => ({
      ...conversation,
      program: { [callback]: { steps } },
    }),
  })),
  {
    name: "proxy_on_http_call_response of a connection",
    scenario: (steps: readonly Step[]): ConnectionScenario => ({
      ...conversation,
      service: { headers: { "x-up": "called" }, body: "answer", trailers: { "x-sum": "called" } },
      program: {
        proxy_on_new_connection: { steps: [asking], returns: 1 },
        proxy_on_http_call_response: { steps: [...steps, ...resumeConnection] },
      },
    }),
  },
];
