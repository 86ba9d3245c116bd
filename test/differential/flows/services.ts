import { ask, asked, ownStream, played, step, type Titled } from "./step.ts";

const upstreamFaults = [
  ["refuses", { fault: "refuse" }],
  ["resets", { fault: "reset", after: null }],
  ["answers 500", { status: 500 }],
  ["answers 204", { status: 204 }],
  ["answers without a body", {}],
  ["answers with trailers alone", { trailers: { a: "b" } }],
] as const;

/** Upstreams that answer, or do not. */
export const upstreams: readonly Titled[] = upstreamFaults.map(([what, response]): Titled => [
  `the upstream ${what}`,
  played({ proxy_on_request_headers: { steps: [] } }, { response }),
]);

/** HTTP calls. */
export const callouts: readonly Titled[] = [
  ...upstreamFaults.map(([what, service]): Titled => [
    `a called service ${what}`,
    played(
      {
        proxy_on_request_headers: { steps: [{ ...ask(), keep: 1 }], returns: 4 },
        proxy_on_http_call_response: {
          steps: [
            step("proxy_get_status"),
            step("proxy_get_header_map_value", 6, ":status"),
            step("proxy_get_header_map_pairs", 7),
            step("proxy_get_buffer_bytes", 4, 0, -1),
            ownStream,
            step("proxy_get_header_map_value", 6, ":status"),
            step("proxy_continue_stream", 0),
          ],
        },
      },
      { service },
    ),
  ]),
  [
    "a callout with a body and trailers",
    played(
      {
        proxy_on_request_headers: {
          steps: [
            step(
              "proxy_http_call",
              "service",
              [...asked, ["x-b", "1"], ["x-b", "2"]],
              "a body",
              [["x-t", "1"]],
              5_000,
            ),
          ],
          returns: 4,
        },
        proxy_on_http_call_response: { steps: [ownStream, step("proxy_continue_stream", 0)] },
      },
      { service: { body: "x" } },
    ),
  ],
  [
    "a reply from a callout's answer",
    played(
      {
        proxy_on_request_headers: { steps: [ask()], returns: 4 },
        proxy_on_http_call_response: {
          steps: [ownStream, step("proxy_send_local_response", 429, "late", "no", [], -1)],
        },
      },
      { service: { body: "x" } },
    ),
  ],
  [
    "two callouts",
    played(
      {
        proxy_on_request_headers: {
          steps: [
            { ...ask(), keep: 1 },
            { ...ask(), keep: 2 },
          ],
          returns: 4,
        },
        proxy_on_http_call_response: [
          { steps: [] },
          { steps: [ownStream, step("proxy_continue_stream", 0)] },
        ],
      },
      { service: { body: "x" } },
    ),
  ],
];
