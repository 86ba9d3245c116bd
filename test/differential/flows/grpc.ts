import type { Program, Step } from "../program.ts";
import { ask, ownStream, played, step, type Titled } from "./step.ts";

const read: readonly Step[] = [
  step("proxy_get_buffer_bytes", 5, 0, -1),
  step("proxy_get_buffer_status", 5),
  step("proxy_get_header_map_pairs", 4),
  step("proxy_get_header_map_pairs", 5),
  step("proxy_get_header_map_value", 4, "x-a"),
  step("proxy_get_header_map_value", 5, "x-b"),
  step("proxy_get_status"),
];
const goOn: readonly Step[] = [ownStream, ...read, step("proxy_continue_stream", 0)];
const token = { slot: 1 };

/** A call or a stream that is begun with the request, which its end resumes. */
function overGrpc(begin: readonly Step[], more: Program = {}): Program {
  return {
    proxy_on_request_headers: { steps: begin, returns: 4 },
    proxy_on_grpc_receive_initial_metadata: { steps: read },
    proxy_on_grpc_receive: [{ steps: read }, { steps: read }],
    proxy_on_grpc_receive_trailing_metadata: { steps: read },
    proxy_on_grpc_close: { steps: [...read, ...goOn] },
    ...more,
  };
}

/** What an answer to a call resumes; there is no end besides. */
const answered: Program = { proxy_on_grpc_receive: { steps: [...read, ...goOn] } };

const greet = "/pkg.Greeter/Greet";
const chat = "/pkg.Greeter/Chat";
const called: Step = {
  ...step("proxy_grpc_call", "greeter", "pkg.Greeter", "Greet", [["x-sent", "1"]], "\n\x02me", 5_000),
  keep: 1,
};
const opened: Step = {
  ...step("proxy_grpc_stream", "greeter", "pkg.Greeter", "Chat", [["x-sent", "1"]]),
  keep: 1,
};
const sent = (end: number): Step => step("proxy_grpc_send", token, "a message", end);

const answers = [
  ["is answered", { message: "\n\x02hi", initialMetadata: { "x-a": "1" }, metadata: { "x-b": "2" } }],
  ["is answered twice", { messages: ["one", "two"] }],
  ["is answered without a message", { messages: [] }],
  ["is answered by an error", { status: 5, statusMessage: "50% {a}" }],
  ["is refused", { fault: "refuse" }],
  ["is reset", { fault: "reset" }],
] as const;

/** A serialised `GrpcService` with the cluster `none`: its end comes as soon as the callback has returned. */
const nowhere = "\n\x06\n\x04none";
const status = step("proxy_get_status");

/** gRPC calls and streams. */
export const overGrpcs: readonly Titled[] = [
  ...answers.flatMap(([what, answer]): Titled[] => [
    [
      `a gRPC call ${what}`,
      played(overGrpc([called], answered), { greeter: (service) => service.unary(greet, answer) }),
    ],
    [
      `a gRPC stream ${what}`,
      played(overGrpc([opened, sent(0), sent(1)]), { greeter: (service) => service.unary(chat, answer) }),
    ],
    [
      `a gRPC stream that its filter closes ${what}`,
      played(overGrpc([opened, sent(0), step("proxy_grpc_close", token)]), {
        greeter: (service) => service.unary(chat, answer),
      }),
    ],
  ]),
  ...(["plays", "plays-deaf-to-grpc"] as const).map((player): Titled => [
    `the status behind a gRPC call to no cluster, of the module ${player}`,
    played(
      {
        proxy_on_request_headers: {
          steps: [step("proxy_grpc_call", nowhere, "pkg.Greeter", "Greet", [], "", 5_000), status],
        },
        proxy_on_grpc_close: { steps: [status] },
        proxy_on_request_body: { steps: [status] },
        proxy_on_log: { steps: [status] },
      },
      { player },
    ),
  ]),
  [
    "a gRPC call is cancelled",
    played({
      proxy_on_request_headers: {
        steps: [
          called,
          step("proxy_grpc_cancel", token),
          step("proxy_grpc_cancel", token),
          sent(0),
          step("proxy_grpc_close", token),
        ],
      },
    }),
  ],
  [
    "a gRPC stream is cancelled",
    played({
      proxy_on_request_headers: {
        steps: [
          opened,
          sent(0),
          step("proxy_grpc_cancel", token),
          step("proxy_grpc_cancel", token),
          sent(0),
          step("proxy_grpc_close", token),
        ],
      },
    }),
  ],
  [
    "a gRPC call is closed",
    played({ proxy_on_request_headers: { steps: [called, step("proxy_grpc_close", token)] } }),
  ],
  [
    "gRPC calls and a callout have tokens of their own",
    played({
      proxy_on_request_headers: {
        steps: [
          opened,
          step("proxy_grpc_cancel", token),
          called,
          step("proxy_grpc_cancel", token),
          opened,
          step("proxy_grpc_cancel", token),
          ask(),
          ask(),
        ],
        returns: 4,
      },
      proxy_on_http_call_response: [{ steps: [] }, { steps: [ownStream, step("proxy_continue_stream", 0)] }],
    }),
  ],
];
