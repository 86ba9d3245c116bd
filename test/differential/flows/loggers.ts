import { exchange } from "../places/streams.ts";
import type { Program, Step } from "../program.ts";
import { played, step, type Titled } from "./step.ts";

const read: readonly Step[] = [
  ...[0, 1, 2, 3, 6, 7].map((map) => step("proxy_get_header_map_pairs", map)),
  step("proxy_get_header_map_value", 0, "x-a"),
  step("proxy_get_header_map_value", 3, "none"),
  step("proxy_add_header_map_value", 0, "x-new", "1"),
  ...[0, 1, 6, 7].map((buffer) => step("proxy_get_buffer_bytes", buffer, 0, -1)),
  ...["response\0code", "response\0code_details", "request\0path", "response\0size"].map((path) =>
    step("proxy_get_property", path),
  ),
  step("proxy_set_property", "mine", "value"),
  step("proxy_get_property", "mine"),
  step("proxy_done"),
];
const logs: Program = { "proxy_on_log of the plugin": [{ steps: read }, { steps: read }] };
const sets: Program = { proxy_on_log: { steps: [step("proxy_set_property", "mine", "of a filter")] } };

/** Access loggers, which see streams that are over. */
export const logged: readonly Titled[] = [
  ["an access logger beside a filter", played(sets, { loggers: [{ program: logs, vmId: "logs" }] })],
  ["an access logger in a filter's VM", played(sets, { loggers: [{ program: logs }] })],
  [
    "two access loggers",
    played(sets, {
      loggers: [
        { program: logs, vmId: "logs" },
        { program: logs, vmId: "logs" },
      ],
    }),
  ],
  [
    "access loggers of two VMs",
    played(sets, {
      loggers: [
        { program: logs, vmId: "one" },
        { program: logs, vmId: "two" },
      ],
    }),
  ],
  [
    "an access logger of a request that is answered",
    played(
      { proxy_on_request_headers: { steps: [step("proxy_send_local_response", 429, "late", "no", [], -1)] } },
      { loggers: [{ program: logs }] },
    ),
  ],
  [
    "an access logger of a stream that is reset",
    played(
      { proxy_on_request_headers: { steps: [step("proxy_close_stream", 0)], returns: 1 } },
      { loggers: [{ program: logs }] },
    ),
  ],
  [
    "an access logger of a response without a body",
    { ...exchange, response: { status: 204 }, program: {}, loggers: [{ program: logs }] },
  ],
  [
    "an access logger that asks",
    played(
      {},
      {
        loggers: [
          {
            vmId: "logs",
            program: {
              "proxy_on_log of the plugin": {
                steps: [
                  step(
                    "proxy_http_call",
                    "service",
                    [
                      [":method", "GET"],
                      [":path", "/logged"],
                      [":authority", "service"],
                    ],
                    "a line",
                    [],
                    5_000,
                  ),
                ],
              },
            },
          },
        ],
      },
    ),
  ],
];
