import { passing, type Callback } from "../abi.ts";
import { exchange } from "../places/streams.ts";
import type { Played, StreamScenario } from "../play.ts";
import type { Program, Step } from "../program.ts";
import { ask, step, type Titled } from "./step.ts";

/** What two or three filters do in turn. */
function chained(programs: readonly [Program, ...Program[]], vmIds: readonly string[]): StreamScenario {
  const [first, ...behind] = programs.map((program, i): Played => ({
    program,
    vmId: vmIds[i] ?? vmIds.at(-1) ?? "",
  }));
  return { ...exchange, program: {}, ...first, behind };
}

/** The number of the context of a filter's stream: those of plugins come first in each VM. */
function contextOf(position: number, vmIds: readonly string[]): number {
  const [shared] = [vmIds.filter((vmId) => vmId === vmIds[position])];
  const before = vmIds.slice(0, position).filter((vmId) => vmId === vmIds[position]);
  return shared.length + before.length + 1;
}

const sharing: ReadonlyArray<readonly [how: string, vmIds: readonly string[]]> = [
  ["in one VM", ["a", "a"]],
  ["in two VMs", ["a", "b"]],
  ["of which two share a VM", ["a", "b", "a"]],
  ["three in one VM", ["a", "a", "a"]],
];

const reply = step("proxy_send_local_response", 403, "no", "stay out", [["x-reply", "1"]], -1);
const edit: readonly Step[] = [
  step("proxy_add_header_map_value", 0, "x-new", "1"),
  step("proxy_add_header_map_value", 2, "x-new", "1"),
  step("proxy_set_buffer_bytes", 0, 0, 0, "before "),
  step("proxy_set_buffer_bytes", 1, 0, 0, "before "),
];

/** Reads what the others did. */
const reader: Program = Object.fromEntries(
  passing.map((callback) => [
    callback,
    {
      steps: [
        ...[0, 1, 2, 3].map((map) => step("proxy_get_header_map_pairs", map)),
        ...[0, 1].map((buffer) => step("proxy_get_buffer_bytes", buffer, 0, -1)),
        step("proxy_get_property", "mine"),
        step("proxy_get_shared_data", "key"),
      ],
    },
  ]),
);

/** For filters, of three for the middle one, and callbacks, what it does there. */
function each(does: readonly Step[], returns: number, what: string): Titled[] {
  return sharing.flatMap(([how, vmIds]) =>
    (vmIds.length === 2 ? [0, 1] : [1]).flatMap((position) =>
      passing.map((callback): Titled => {
        const programs = vmIds.map((__, i) =>
          i === position ? { [callback]: { steps: does, returns } } : reader,
        );
        const [first = {}, ...others] = programs;
        return [
          `${what} in ${callback} of filter ${position} of some ${how}`,
          chained([first, ...others], vmIds),
        ];
      }),
    ),
  );
}

/** A filter holds the request until its callout is answered; the answer lets another's stream go on, or its own. */
const held: readonly Titled[] = sharing.flatMap(([how, vmIds]) =>
  vmIds.map((_, position): Titled => {
    const holds: Program = {
      proxy_on_request_headers: { steps: [ask()], returns: 4 },
      proxy_on_http_call_response: {
        steps: [
          step("proxy_get_buffer_bytes", 4, 0, -1),
          step("proxy_set_effective_context", contextOf(position, vmIds)),
          step("proxy_add_header_map_value", 0, "x-asked", "1"),
          step("proxy_continue_stream", 0),
        ],
      },
    };
    const [first = {}, ...others] = vmIds.map((__, i) => (i === position ? holds : reader));
    return [`filter ${position} of some ${how} waits for a callout`, chained([first, ...others], vmIds)];
  }),
);

/** Every filter waits for an answer of its own. */
const asking: readonly Titled[] = sharing.map(([how, vmIds]): Titled => {
  const [first = {}, ...others] = vmIds.map((_, position): Program => ({
    proxy_on_request_headers: { steps: [{ ...ask(), keep: 1 }], returns: 4 },
    proxy_on_http_call_response: {
      steps: [
        step("proxy_set_effective_context", contextOf(position, vmIds)),
        step("proxy_continue_stream", 0),
      ],
    },
  }));
  return [`all filters of some ${how} wait for callouts`, chained([first, ...others], vmIds)];
});

const kept: readonly Step[] = [
  step("proxy_set_property", "mine", "kept"),
  step("proxy_set_shared_data", "key", "kept", 0),
  { ...step("proxy_define_metric", 0, "play.chain"), keep: 1 },
  step("proxy_increment_metric", { slot: 1 }, 2),
  step("proxy_get_metric", { slot: 1 }),
  step("proxy_get_metric", 0),
  step("proxy_get_metric", 4),
];

/** A call over gRPC is known to the plugin alone that made it. */
const overGrpcs: readonly Titled[] = sharing.map(([how, vmIds]): Titled => {
  const opens: Program = {
    proxy_on_request_headers: {
      steps: [
        { ...step("proxy_grpc_stream", "greeter", "pkg.Greeter", "Chat", []), keep: 1 },
        step("proxy_grpc_send", { slot: 1 }, "one", 0),
      ],
    },
    proxy_on_request_body: { steps: [step("proxy_grpc_cancel", { slot: 1 })] },
  };
  const tries: Program = {
    proxy_on_request_headers: {
      steps: [4, 5, 6, 9, 10].flatMap((token) => [
        step("proxy_grpc_send", token, "mine", 1),
        step("proxy_grpc_close", token),
        step("proxy_grpc_cancel", token),
      ]),
    },
  };
  const [, ...others] = vmIds.map(() => tries);
  return [
    `filters of some ${how} know their own calls over gRPC alone`,
    {
      ...chained([opens, ...others], vmIds),
      greeter: (service) => service.unary("/pkg.Greeter/Chat", { fault: "silence" }),
    },
  ];
});

/** Two filters hold a body in some way each, until its trailers come. */
const heldTwice: readonly Titled[] = (["request", "response"] as const).flatMap((direction) =>
  [1, 2, 3].flatMap((first) =>
    [1, 2, 3].map((second): Titled => {
      const buffer = direction === "request" ? 0 : 1;
      const holds = (returns: number): Program => ({
        [`proxy_on_${direction}_body`]: { steps: [step("proxy_get_buffer_bytes", buffer, 0, -1)], returns },
        [`proxy_on_${direction}_trailers`]: {
          steps: [
            step("proxy_get_buffer_bytes", buffer, 0, -1),
            step("proxy_set_buffer_bytes", buffer, 1, 1, "x"),
            step("proxy_set_buffer_bytes", buffer, 9_999, 0, " behind"),
          ],
        },
      });
      return [
        `the body of a ${direction} is held by filters that return ${first} and ${second}`,
        chained([holds(first), holds(second)], ["a", "a"]),
      ];
    }),
  ),
);

const late = (...callbacks: readonly Callback[]): Program => ({
  proxy_on_request_body: { steps: [], returns: 1 },
  ...Object.fromEntries(
    callbacks.map((callback) => [
      callback,
      { steps: [step("proxy_add_header_map_value", 1, "x-late", "1")] },
    ]),
  ),
});

/** A filter that has held a body makes trailers when the response ends; Envoy ends when of two the first writes them again. */
const lateTrailers: readonly Titled[] = [
  [
    "late trailers of two filters",
    { ...chained([late("proxy_on_log"), late("proxy_on_log")], ["a", "b"]), response: {} },
  ],
  [
    "late trailers that a filter writes again and again",
    {
      ...chained([late("proxy_on_response_headers", "proxy_on_log", "proxy_on_done"), late()], ["a", "a"]),
      response: {},
    },
  ],
  [
    "late trailers of a filter beside one that has held nothing",
    {
      ...chained(
        [
          late("proxy_on_response_headers", "proxy_on_log"),
          { proxy_on_log: late("proxy_on_log").proxy_on_log ?? { steps: [] } },
        ],
        ["a", "a"],
      ),
      response: {},
    },
  ],
];

/** Several filters. */
export const chains: readonly Titled[] = [
  ...[...held, ...asking, ...overGrpcs, ...heldTwice, ...lateTrailers],
  ...each(edit, 0, "edits"),
  ...each(kept, 0, "values are kept"),
  ...each([reply], 0, "a reply"),
  ...each([step("proxy_close_stream", 0)], 1, "the stream is closed").filter(
    ([title]) => !/trailers/.test(title),
  ),
];
