import type { Turn, UpstreamKind } from "../conversation.ts";
import { asking, connectionCallbacks, conversation, resumeConnection } from "../places/connections.ts";
import type { ConnectionScenario } from "../play.ts";
import type { Program, Step } from "../program.ts";
import { probes } from "../probes.ts";
import { step, type Titled } from "./step.ts";

const [downstreamData, upstreamData] = [2, 3];
const [downstream, upstream] = [2, 3];

/** A program, with a conversation that makes each callback. */
function conversed(program: Program, more: Partial<ConnectionScenario> = {}): ConnectionScenario {
  return { ...conversation, ...more, program };
}

const isClosed: readonly Turn[] = [["is closed"]];
const askedAndClosed: readonly Turn[] = [["sends", "request"], ["is closed"]];

const closeHeld: readonly Step[] = [
  step("proxy_set_effective_context", 2),
  step("proxy_get_buffer_bytes", upstreamData, 0, -1),
  step("proxy_close_stream", downstream),
];

/** What each callback may return; what stops is resumed by a callout, or closed. */
const returned: readonly Titled[] = [0, 1, 2, 3, 99, -1].flatMap((value): Titled[] => {
  const stopped = { steps: [asking], returns: value };
  return [
    [
      `proxy_on_new_connection returns ${value}`,
      conversed({
        proxy_on_new_connection: value === 0 ? { steps: [] } : stopped,
        proxy_on_http_call_response: { steps: resumeConnection },
      }),
    ],
    [
      `proxy_on_downstream_data returns ${value}`,
      conversed({
        proxy_on_downstream_data: value === 0 ? { steps: [] } : [stopped, { steps: [] }],
        proxy_on_http_call_response: { steps: resumeConnection },
      }),
    ],
    [
      `proxy_on_upstream_data returns ${value}`,
      value === 0
        ? conversed({ proxy_on_upstream_data: { steps: [] } })
        : conversed(
            { proxy_on_upstream_data: stopped, proxy_on_http_call_response: { steps: closeHeld } },
            { turns: askedAndClosed },
          ),
    ],
  ];
});

const edits: Readonly<Record<string, readonly Step[]>> = Object.fromEntries(
  [downstreamData, upstreamData].flatMap((buffer) => {
    const name = buffer === downstreamData ? "what the client sent" : "what the upstream sent";
    const edit = (what: string, start: number, length: number, text: string): [string, Step[]] => [
      `${name} ${what}`,
      [
        step("proxy_set_buffer_bytes", buffer, start, length, text),
        step("proxy_get_buffer_bytes", buffer, 0, -1),
        step("proxy_get_buffer_status", buffer),
      ],
    ];
    return [
      edit("has text before it", 0, 0, "before "),
      edit("has text behind it", 9_999, 0, " behind"),
      edit("is replaced", 0, -1, "other"),
      edit("has another begin", 0, 3, "REQ"),
      edit("cannot change in its middle", 2, 1, "x"),
    ];
  }),
);

const edited: readonly Titled[] = connectionCallbacks.flatMap((callback) =>
  Object.entries(edits).map(([what, steps]): Titled => [
    `${what} in ${callback}`,
    conversed({ [callback]: { steps } }),
  ]),
);

/** In these Envoy and its client's bytes would meet by chance, or it ends by a signal. */
const steering = connectionCallbacks.filter((callback) => !/create|new_connection/.test(callback));

const steered: readonly Titled[] = steering.flatMap((callback) =>
  [downstream, upstream].flatMap((stream): Titled[] => [
    [
      `stream ${stream} of a connection is closed in ${callback}`,
      conversed({ [callback]: { steps: [step("proxy_close_stream", stream)] } }),
    ],
    [
      `stream ${stream} of a connection is resumed in ${callback}`,
      conversed({ [callback]: { steps: [step("proxy_continue_stream", stream)] } }),
    ],
  ]),
);

const trapped: readonly Titled[] = connectionCallbacks.map((callback) => [
  `a trap in ${callback} of a connection`,
  conversed(
    { [callback]: { steps: [], traps: true } },
    /create|new_connection/.test(callback) ? { turns: isClosed } : {},
  ),
]);

const ofStreamsOnly: readonly Titled[] = connectionCallbacks
  .filter((callback) => !/create|new_connection/.test(callback))
  .map((callback) => [
    `what belongs to requests is done in ${callback}`,
    conversed({
      [callback]: {
        steps: [
          step("proxy_send_local_response", 403, "no", "stay out", [], -1),
          step("proxy_continue_stream", 0),
          step("proxy_continue_stream", 1),
          step("proxy_close_stream", 0),
          step("proxy_close_stream", 1),
          step("proxy_add_header_map_value", 0, "a", "b"),
          step("proxy_get_header_map_pairs", 0),
        ],
      },
    }),
  ]);

const conversations: ReadonlyArray<
  readonly [what: string, turns: readonly Turn[], behaviour?: UpstreamKind]
> = [
  ["a client that only ends", [["ends"], ["receives the rest"], ["is closed"]]],
  ["a client that leaves", [["sends", "abc"], ["receives", 3], ["leaves"]]],
  [
    "two questions",
    [
      ["sends", "one\n"],
      ["receives until", "\n"],
      ["sends", "two\n"],
      ["receives until", "\n"],
      ["ends"],
      ["is closed"],
    ],
  ],
  ["an upstream that greets", [["receives until", "\n"], ["ends"], ["is closed"]], "greets"],
  ["an upstream that ends first", [["is closed"], ["ends"]], "ends at once"],
  ["an upstream that ends at data", [["sends", "abc"], ["is closed"], ["ends"]], "ends when it has data"],
  ["an upstream that breaks off", [["sends", "abc"], ["is closed"]], "breaks off when it has data"],
  ["an upstream that refuses", isClosed, "refuses"],
];

const conversedWith: readonly Titled[] = conversations.flatMap(([what, turns, behaviour]): Titled[] => {
  const more = { turns, ...(behaviour === undefined ? {} : { behaviour }) };
  return [
    [what, conversed({}, more)],
    [
      `${what}, and three filters`,
      conversed({}, { ...more, behind: [{ program: {} }, { program: {}, vmId: "own" }] }),
    ],
  ];
});

/** What can be read of a connection that ends in one of these ways. */
const readAtEnd: readonly Titled[] = conversations.map(([what, turns, behaviour]): Titled => {
  const steps = probes["properties"] ?? [];
  const program = { proxy_on_downstream_connection_close: { steps }, proxy_on_log: { steps } };
  return [`properties at the end of ${what}`, conversed(program, { turns, ...(behaviour && { behaviour }) })];
});

/** Connections. */
export const connected: readonly Titled[] = [
  ...[...returned, ...edited, ...steered, ...trapped, ...ofStreamsOnly, ...conversedWith, ...readAtEnd],
  [
    "a connection is closed as it comes",
    conversed(
      { proxy_on_new_connection: { steps: [step("proxy_close_stream", downstream)] } },
      { turns: isClosed },
    ),
  ],
  [
    "a connection is held, and closed by a callout's answer",
    conversed(
      {
        proxy_on_new_connection: { steps: [asking], returns: 1 },
        proxy_on_http_call_response: {
          steps: [step("proxy_set_effective_context", 2), step("proxy_close_stream", downstream)],
        },
      },
      { turns: isClosed },
    ),
  ],
  [
    "data is held and edited by a callout's answer",
    conversed({
      proxy_on_downstream_data: [{ steps: [asking], returns: 1 }, { steps: [] }],
      proxy_on_http_call_response: {
        steps: [
          step("proxy_set_effective_context", 2),
          step("proxy_get_buffer_bytes", downstreamData, 0, -1),
          step("proxy_set_buffer_bytes", downstreamData, 0, -1, "edited"),
          step("proxy_continue_stream", downstream),
        ],
      },
    }),
  ],
];
