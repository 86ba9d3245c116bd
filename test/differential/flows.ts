import type { Callback, HostCall } from "./host-calls.ts";
import { exchange, places, streamCallbacks } from "./places.ts";
import type { Scenario } from "./play.ts";
import type { Argument, Part, Program, Step } from "./program.ts";

type Titled = readonly [title: string, scenario: Scenario];

const step = (call: HostCall, ...arguments_: readonly Argument[]): Step => ({ call, with: arguments_ });

const directions = ["request", "response"] as const;
const [requestStream, responseStream] = [0, 1];

const asked = [[":method", "GET"], [":path", "/asked"], [":authority", "service"]] as const;
const ask = (timeoutMs = 5_000): Step => step("proxy_http_call", "service", asked, "", [], timeoutMs);
const ownStream = step("proxy_set_effective_context", 2);

function played(program: Program, more: Partial<Scenario> = {}): Scenario {
  return { ...exchange, ...more, program };
}

/** Whether what a callback returns waits for somebody to resume the stream. */
const stops = {
  headers: (value: number) => value !== 0 && value !== 2,
  body: (value: number) => value === 1 || value === 2,
  trailers: (value: number) => value !== 0,
};

/** What each callback may return, and that nothing resumes a stream that is stopped is seen, too. */
const returned: readonly Titled[] = directions.flatMap((direction) =>
  (["headers", "body", "trailers"] as const).flatMap((part) =>
    [0, 1, 2, 3, 4, 5, 99, -1].map((value): Titled => {
      const callback: Callback = `proxy_on_${direction}_${part}`;
      const doesStop = stops[part](value);
      const scenario = doesStop ? resumedLater : (_: Callback, does: Part) => played({ [callback]: does });
      return [`${callback} returns ${value}`, scenario(callback, { steps: [], returns: value })];
    }),
  ),
);

/** A callback stops what a callout, begun before, resumes. */
function resumedLater(callback: Callback, part: Part): Scenario {
  const direction = callback.includes("request") ? requestStream : responseStream;
  return played({
    [callback]: { ...part, steps: [ask(), ...part.steps] },
    proxy_on_http_call_response: { steps: [ownStream, step("proxy_continue_stream", direction)] },
  });
}

const edits: Readonly<Record<string, readonly Step[]>> = {
  "a field is added": [step("proxy_add_header_map_value", 0, "x-a", "2"), step("proxy_add_header_map_value", 2, "x-a", "2")],
  "a field is replaced": [step("proxy_replace_header_map_value", 0, "x-two", "3"), step("proxy_replace_header_map_value", 2, "x-up", "2")],
  "a field is replaced that is not there": [step("proxy_replace_header_map_value", 0, "x-new", "3"), step("proxy_replace_header_map_value", 2, "x-new", "2")],
  "a field is removed": [step("proxy_remove_header_map_value", 0, "X-Two"), step("proxy_remove_header_map_value", 2, "x-up")],
  "all fields of a response are set": [step("proxy_set_header_map_pairs", 2, [[":status", "201"], ["x-only", "1"]])],
  "trailers are changed": [step("proxy_add_header_map_value", 1, "x-new", "1"), step("proxy_replace_header_map_value", 3, "x-sum", "2"), step("proxy_remove_header_map_value", 3, "none")],
  "trailers are set": [step("proxy_set_header_map_pairs", 1, [["x-t", "1"]]), step("proxy_set_header_map_pairs", 3, [["x-t", "1"], ["x-t", "2"]])],
  "callouts' fields cannot be changed": [4, 5, 6, 7, 8].flatMap((map) => [step("proxy_add_header_map_value", map, "a", "b"), step("proxy_replace_header_map_value", map, "a", "b"), step("proxy_remove_header_map_value", map, "a"), step("proxy_set_header_map_pairs", map, [])]),
  "text stands before a body": [step("proxy_set_buffer_bytes", 0, 0, 0, "before "), step("proxy_set_buffer_bytes", 1, 0, 0, "before ")],
  "text stands behind a body": [step("proxy_set_buffer_bytes", 1, 9_999, 0, " behind"), step("proxy_get_buffer_bytes", 1, 0, -1)],
  "a body is replaced": [step("proxy_set_buffer_bytes", 1, 0, -1, "other"), step("proxy_get_buffer_bytes", 1, 0, -1), step("proxy_get_buffer_status", 1)],
  "a part of a body is replaced": [step("proxy_set_buffer_bytes", 1, 0, 4, "RESP"), step("proxy_set_buffer_bytes", 1, 1, 1, "x")],
  "buffers that cannot be changed": [2, 3, 4, 5, 6, 7, 8, 9].flatMap((buffer) => [step("proxy_set_buffer_bytes", buffer, 0, -1, "x"), step("proxy_set_buffer_bytes", buffer, 1, 1, "x")]),
  "an odd type": [step("proxy_set_buffer_bytes", -1, 0, 0, "x"), step("proxy_add_header_map_value", -1, "a", "b")],
};

const edited: readonly Titled[] = places.flatMap(([place, scenario]) =>
  Object.entries(edits).map(([what, steps]): Titled => [`${what} in ${place}`, scenario(steps)]),
);

const replies: Readonly<Record<string, readonly Argument[]>> = {
  "with a body": [403, "no entry", "stay out", [["x-reply", "1"]], -1],
  "without a body": [204, "", "", [], -1],
  "with a status of gRPC": [503, "busy", "later", [], 14],
  "with an odd status": [418, "tea\tpot\n", "short", [["content-type", "text/html"], ["x-reply", "1"], ["x-reply", "2"]], 99],
};

/** In others Envoy ends by a signal. */
const replying = streamCallbacks.filter((callback) => !/log|done|delete/.test(callback));
const ofRequest = replying.filter((callback) => /request/.test(callback));
const made = replying.filter((callback) => !/create/.test(callback));

const replied: readonly Titled[] = replying.flatMap((callback) =>
  Object.entries(replies).flatMap(([what, reply]): Titled[] => [
    [`a local reply ${what} in ${callback}`, played({ [callback]: { steps: [step("proxy_send_local_response", ...reply)] } })],
    [`a local reply ${what} in ${callback}, which stops`, played({ [callback]: { steps: [step("proxy_send_local_response", ...reply)], returns: 1 } })],
  ]),
);

const steered: readonly Titled[] = [
  ...made.flatMap((callback): Titled[] => [
    [`the stream is closed in ${callback}`, played({ [callback]: { steps: [step("proxy_close_stream", 0)], returns: 1 } })],
    [`the response is closed in ${callback}`, played({ [callback]: { steps: [step("proxy_close_stream", 1)], returns: 1 } })],
    [`a connection is closed in ${callback}`, played({ [callback]: { steps: [step("proxy_close_stream", 2), step("proxy_close_stream", 3), step("proxy_close_stream", 4)] } })],
    [`a connection is resumed in ${callback}`, played({ [callback]: { steps: [step("proxy_continue_stream", 2), step("proxy_continue_stream", 3), step("proxy_continue_stream", 4)] } })],
    [`a reply and a resumption in ${callback}`, played({ [callback]: { steps: [step("proxy_send_local_response", 401, "first", "one", [], -1), step("proxy_continue_stream", 0)], returns: 1 } })],
    [`a trap in ${callback}`, played({ [callback]: { steps: [], traps: true } })],
  ]),
  ...ofRequest.flatMap((callback): Titled[] => [
    [`two replies in ${callback}`, played({ [callback]: { steps: [step("proxy_send_local_response", 401, "first", "one", [], -1), step("proxy_send_local_response", 402, "second", "two", [], -1)], returns: 1 } })],
    [`${callback} resumes its own stop`, played({ [callback]: { steps: [step("proxy_continue_stream", 0)], returns: 1 } })],
    [`${callback} resumes twice`, played({ [callback]: { steps: [step("proxy_continue_stream", 0), step("proxy_continue_stream", 0)], returns: 4 } })],
  ]),
  ["a request without a body is resumed by its own stop", played({ proxy_on_request_headers: { steps: [step("proxy_continue_stream", 0)], returns: 1 } }, { request: {} })],
  ["a request without a body is resumed twice", played({ proxy_on_request_headers: { steps: [step("proxy_continue_stream", 0), step("proxy_continue_stream", 0)], returns: 4 } }, { request: {} })],
  ["a response without a body is resumed by its own stop", played({ proxy_on_response_headers: { steps: [step("proxy_continue_stream", 1)], returns: 4 } }, { response: {} })],
  ...(["proxy_on_response_headers", "proxy_on_response_body", "proxy_on_response_trailers"] as const).map((callback): Titled =>
    [`${callback} resumes its own stop`, played({ [callback]: { steps: [step("proxy_continue_stream", 1)], returns: 1 } })]),
];

const upstreamFaults = [
  ["refuses", { fault: "refuse" }],
  ["resets", { fault: "reset", after: null }],
  ["answers 500", { status: 500 }],
  ["answers 204", { status: 204 }],
  ["answers without a body", {}],
  ["answers with trailers alone", { trailers: { a: "b" } }],
] as const;

const upstreams: readonly Titled[] = upstreamFaults.map(([what, response]): Titled => [`the upstream ${what}`, played({ proxy_on_request_headers: { steps: [] } }, { response })]);

const callouts: readonly Titled[] = [
  ...upstreamFaults.map(([what, service]): Titled => [
    `a called service ${what}`,
    played({
      proxy_on_request_headers: { steps: [{ ...ask(), keep: 1 }], returns: 4 },
      proxy_on_http_call_response: { steps: [step("proxy_get_status"), step("proxy_get_header_map_value", 6, ":status"), step("proxy_get_header_map_pairs", 7), step("proxy_get_buffer_bytes", 4, 0, -1), ownStream, step("proxy_get_header_map_value", 6, ":status"), step("proxy_continue_stream", 0)] },
    }, { service }),
  ]),
  ["a callout with a body and trailers", played({
    proxy_on_request_headers: { steps: [step("proxy_http_call", "service", [...asked, ["x-b", "1"], ["x-b", "2"]], "a body", [["x-t", "1"]], 5_000)], returns: 4 },
    proxy_on_http_call_response: { steps: [ownStream, step("proxy_continue_stream", 0)] },
  }, { service: { body: "x" } })],
  ["a reply from a callout's answer", played({
    proxy_on_request_headers: { steps: [ask()], returns: 4 },
    proxy_on_http_call_response: { steps: [ownStream, step("proxy_send_local_response", 429, "late", "no", [], -1)] },
  }, { service: { body: "x" } })],
  ["two callouts", played({
    proxy_on_request_headers: { steps: [{ ...ask(), keep: 1 }, { ...ask(), keep: 2 }], returns: 4 },
    proxy_on_http_call_response: [{ steps: [] }, { steps: [ownStream, step("proxy_continue_stream", 0)] }],
  }, { service: { body: "x" } })],
  ["a trap in a callout's answer", played({
    proxy_on_request_headers: { steps: [ask()], returns: 0 },
    proxy_on_http_call_response: { steps: [], traps: true },
  }, { service: { body: "x" } })],
];

const read: readonly Step[] = [step("proxy_get_buffer_bytes", 5, 0, -1), step("proxy_get_buffer_status", 5), step("proxy_get_header_map_pairs", 4), step("proxy_get_header_map_pairs", 5), step("proxy_get_header_map_value", 4, "x-a"), step("proxy_get_header_map_value", 5, "x-b"), step("proxy_get_status")];
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

const greet = "/pkg.Greeter/Greet";
const chat = "/pkg.Greeter/Chat";
const called: Step = { ...step("proxy_grpc_call", "greeter", "pkg.Greeter", "Greet", [["x-sent", "1"]], "\n\x02me", 5_000), keep: 1 };
const opened: Step = { ...step("proxy_grpc_stream", "greeter", "pkg.Greeter", "Chat", [["x-sent", "1"]]), keep: 1 };
const sent = (end: number): Step => step("proxy_grpc_send", token, "a message", end);

const answers = [
  ["is answered", { message: "\n\x02hi", initialMetadata: { "x-a": "1" }, metadata: { "x-b": "2" } }],
  ["is answered twice", { messages: ["one", "two"] }],
  ["is answered without a message", { messages: [] }],
  ["is answered by an error", { status: 5, statusMessage: "50% {a}" }],
  ["is refused", { fault: "refuse" }],
  ["is reset", { fault: "reset" }],
] as const;

const overGrpcs: readonly Titled[] = [
  ...answers.flatMap(([what, answer]): Titled[] => [
    [`a gRPC call ${what}`, played(overGrpc([called]), { greeter: (service) => service.unary(greet, answer) })],
    [`a gRPC stream ${what}`, played(overGrpc([opened, sent(0), sent(1)]), { greeter: (service) => service.unary(chat, answer) })],
    [`a gRPC stream that its filter closes ${what}`, played(overGrpc([opened, sent(0), step("proxy_grpc_close", token)]), { greeter: (service) => service.unary(chat, answer) })],
  ]),
  ["a gRPC call is cancelled", played({ proxy_on_request_headers: { steps: [called, step("proxy_grpc_cancel", token), step("proxy_grpc_cancel", token), sent(0), step("proxy_grpc_close", token)] } })],
  ["a gRPC stream is cancelled", played({ proxy_on_request_headers: { steps: [opened, sent(0), step("proxy_grpc_cancel", token), step("proxy_grpc_cancel", token), sent(0), step("proxy_grpc_close", token)] } })],
  ["a gRPC call is closed", played({ proxy_on_request_headers: { steps: [called, step("proxy_grpc_close", token)] } })],
  ["gRPC calls and a callout have tokens of their own", played({ proxy_on_request_headers: { steps: [opened, step("proxy_grpc_cancel", token), called, step("proxy_grpc_cancel", token), opened, step("proxy_grpc_cancel", token), ask(), ask()], returns: 4 }, proxy_on_http_call_response: [{ steps: [] }, { steps: [ownStream, step("proxy_continue_stream", 0)] }] })],
];

const queued: readonly Titled[] = [
  ["messages of a queue are taken when they come", played({
    proxy_on_request_headers: { steps: [{ ...step("proxy_register_shared_queue", "queue"), keep: 1 }, step("proxy_resolve_shared_queue", "", "queue"), step("proxy_enqueue_shared_queue", token, "one"), step("proxy_enqueue_shared_queue", token, "")], returns: 4 },
    proxy_on_queue_ready: [{ steps: [step("proxy_dequeue_shared_queue", token), step("proxy_dequeue_shared_queue", token), step("proxy_dequeue_shared_queue", token)] }, { steps: [step("proxy_dequeue_shared_queue", token), ownStream, step("proxy_continue_stream", 0)] }],
  })],
  ["a message is taken back before its reader is told", played({
    proxy_on_request_headers: { steps: [{ ...step("proxy_register_shared_queue", "queue"), keep: 1 }, step("proxy_enqueue_shared_queue", token, "one"), step("proxy_dequeue_shared_queue", token), step("proxy_dequeue_shared_queue", token)], returns: 4 },
    proxy_on_queue_ready: { steps: [step("proxy_dequeue_shared_queue", token), ownStream, step("proxy_continue_stream", 0)] },
  })],
];

const ticked: readonly Titled[] = [
  ["a tick resumes a request", played({
    proxy_on_request_headers: { steps: [step("proxy_set_tick_period_milliseconds", 5)], returns: 4 },
    proxy_on_tick: { steps: [step("proxy_set_tick_period_milliseconds", 0), step("proxy_get_header_map_value", 0, "x-a"), ownStream, step("proxy_get_header_map_value", 0, "x-a"), step("proxy_continue_stream", 0)] },
  })],
  ["a tick answers a request", played({
    proxy_on_request_body: { steps: [step("proxy_set_tick_period_milliseconds", 5)], returns: 1 },
    proxy_on_request_trailers: { steps: [], returns: 1 },
    proxy_on_tick: { steps: [step("proxy_set_tick_period_milliseconds", 0), ownStream, step("proxy_get_buffer_bytes", 0, 0, -1), step("proxy_send_local_response", 503, "slow", "late", [], -1)] },
  })],
];

/** What happens to the stream, and what comes of it. */
export const flows: readonly Titled[] = [...returned, ...edited, ...replied, ...steered, ...upstreams, ...callouts, ...overGrpcs, ...queued, ...ticked];
