import type { PlayerName } from "../player.ts";
import { players } from "../player.ts";
import { conversation } from "../places/connections.ts";
import { begunMoments, greeted, waiting } from "../places/plugins.ts";
import { exchange } from "../places/streams.ts";
import type { Program, Step } from "../program.ts";
import { played, step, type Titled } from "./step.ts";

const reads: readonly Step[] = [
  step("proxy_get_buffer_status", 6),
  step("proxy_get_buffer_status", 7),
  step("proxy_get_buffer_bytes", 6, 0, 4),
  step("proxy_get_buffer_bytes", 7, 0, 4),
  step("proxy_get_property", "plugin_name"),
  step("proxy_get_property", "plugin_root_id"),
  step("proxy_get_header_map_value", 0, "x-a"),
  step("proxy_set_property", "mine", "value"),
  step("proxy_send_local_response", 403, "no", "stay out", [], -1),
  step("proxy_continue_stream", 0),
  step("proxy_close_stream", 0),
  step("proxy_done"),
];

/** Everywhere in the life of a plugin. */
const everywhere: Program = {
  "proxy_on_context_create of the plugin": { steps: reads },
  proxy_on_vm_start: { steps: reads, returns: 1 },
  proxy_on_configure: { steps: reads, returns: 1 },
  "proxy_on_done of the plugin": { steps: reads, returns: 1 },
  "proxy_on_delete of the plugin": { steps: reads },
};

const everywhereButAtStart: Program = { "proxy_on_done of the plugin": { steps: reads, returns: 1 } };

/** How plugins start and end. */
export const started: readonly Titled[] = [
  ["a plugin's life", played(everywhere, { ends: true })],
  [
    "a plugin's life without streams' callbacks",
    { ...exchange, program: everywhere, player: "plays-without-headers" },
  ],
  ["a network filter's start", { ...conversation, program: everywhere }],
  [
    "a plugin that puts its end off",
    played({ "proxy_on_done of the plugin": { steps: [step("proxy_done")], returns: 0 } }, { ends: true }),
  ],
  [
    "a plugin that says it is done while it is asked",
    played(
      { "proxy_on_done of the plugin": { steps: [step("proxy_done"), step("proxy_done")], returns: 1 } },
      { ends: true },
    ),
  ],
  ...([0, 2, 99] as const).map((value): Titled => [
    `a plugin's end returns ${value}`,
    played({ "proxy_on_done of the plugin": { steps: [], returns: value } }, { ends: true }),
  ]),
  ...(["proxy_on_done of the plugin", "proxy_on_delete of the plugin"] as const).map((moment): Titled => [
    `a trap in ${moment}`,
    {
      ...exchange,
      program: { [moment]: { steps: [], traps: true } },
      behind: [{ program: everywhereButAtStart }],
      ends: true,
    },
  ]),
  [
    "a trap in proxy_on_log of the plugin",
    {
      ...exchange,
      program: {},
      loggers: [{ program: { "proxy_on_log of the plugin": { steps: [], traps: true } } }],
      ends: true,
    },
  ],
  [
    "the ends of several plugins",
    {
      ...exchange,
      program: everywhere,
      behind: [{ program: { "proxy_on_done of the plugin": { steps: reads, returns: 1 } }, vmId: "other" }],
      loggers: [{ program: { "proxy_on_done of the plugin": { steps: reads, returns: 1 } } }],
      ends: true,
    },
  ],
];

/** What Envoy does without a callback. */
export const lacking: readonly Titled[] = (Object.keys(players) as PlayerName[])
  .filter((player) => player.startsWith("plays-without-"))
  .flatMap((player): Titled[] => {
    const edits: Program = {
      proxy_on_request_headers: { steps: [step("proxy_add_header_map_value", 0, "x-new", "1")] },
      proxy_on_request_body: { steps: [step("proxy_get_buffer_bytes", 0, 0, -1)], returns: 1 },
      proxy_on_response_headers: { steps: [step("proxy_get_header_map_pairs", 2)] },
      proxy_on_response_trailers: { steps: [step("proxy_get_buffer_bytes", 1, 0, -1)] },
      proxy_on_log: { steps: [step("proxy_get_property", "response\0code")] },
    };
    return [
      [`a stream of a module that ${player}`, { ...exchange, player, program: edits }],
      [
        `a stream without a body of a module that ${player}`,
        { request: {}, response: {}, player, program: edits },
      ],
      [
        `a local reply of a module that ${player}`,
        {
          ...exchange,
          player,
          program: {
            proxy_on_request_body: {
              steps: [step("proxy_send_local_response", 403, "no", "stay out", [], -1)],
              returns: 1,
            },
          },
        },
      ],
      ...(player === "plays-without-headers"
        ? []
        : begunMoments.map((moment): Titled => [
            `${moment} of a module that ${player}`,
            { ...exchange, ...greeted, player, program: waiting(moment, []) },
          ])),
      [`the end of a module that ${player}`, { ...exchange, player, program: {}, ends: true }],
      [`a connection of a module that ${player}`, { ...conversation, player, program: {} }],
    ];
  });

const first: readonly Step[] = [
  step("proxy_get_header_map_value", 0, "none"),
  step("proxy_get_header_map_value", 0, "x-a"),
  step("proxy_get_header_map_value", 1, "none"),
  step("proxy_get_header_map_value", 2, "none"),
  step("proxy_get_header_map_value", 9, "none"),
  step("proxy_get_configuration"),
  step("proxy_clear_route_cache"),
];
const ofFirst = (program: Program, more: object = {}): Titled[1] => ({
  ...exchange,
  ...more,
  player: "plays-as-0.1.0",
  program,
});

/** Modules of ABI 0.1.0. */
export const older: readonly Titled[] = [
  ...(
    [
      "proxy_on_vm_start",
      "proxy_on_configure",
      "proxy_on_request_headers",
      "proxy_on_request_body",
      "proxy_on_response_headers",
      "proxy_on_response_trailers",
      "proxy_on_log",
    ] as const
  ).map((moment): Titled => [
    `what ABI 0.1.0 alone has in ${moment}`,
    ofFirst({ [moment]: { steps: first, returns: /start|configure/.test(moment) ? 1 : 0 } }),
  ]),
  [
    "a request of ABI 0.1.0 is resumed",
    ofFirst({ proxy_on_request_headers: { steps: [step("proxy_continue_request")], returns: 1 } }),
  ],
  [
    "a response of ABI 0.1.0 is resumed",
    ofFirst({ proxy_on_response_headers: { steps: [step("proxy_continue_response")], returns: 1 } }),
  ],
  ["a trap of ABI 0.1.0", ofFirst({ proxy_on_request_headers: { steps: [], traps: true } })],
];
