import type { Callback } from "../abi.ts";
import type { Place } from "./place.ts";
import { conversation } from "./connections.ts";
import { exchange } from "./streams.ts";

const callbacks = [
  "proxy_on_request_headers",
  "proxy_on_response_body",
  "proxy_on_log",
] as const satisfies readonly Callback[];

/** In filters that others stand before, whether or not they share a VM. */
export const ofChains: readonly Place[] = [
  ...callbacks.flatMap((callback): Place[] => [
    {
      name: `${callback} of a second filter`,
      scenario: (steps) => ({ ...exchange, program: {}, behind: [{ program: { [callback]: { steps } } }] }),
    },
    {
      name: `${callback} of a third filter, in a VM of its own`,
      scenario: (steps) => ({
        ...exchange,
        program: { proxy_on_request_headers: { steps } },
        behind: [{ program: {} }, { program: { [callback]: { steps } }, vmId: "third" }],
      }),
    },
  ]),
  {
    name: "proxy_on_upstream_data of a second filter",
    scenario: (steps) => ({
      ...conversation,
      program: { proxy_on_downstream_data: { steps } },
      behind: [{ program: { proxy_on_upstream_data: { steps } }, vmId: "second" }],
    }),
  },
];
