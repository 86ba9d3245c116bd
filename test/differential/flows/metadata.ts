import { metadataCallbacks, withMetadata } from "../places/metadata.ts";
import type { Callback } from "../abi.ts";
import type { StreamScenario } from "../play.ts";
import type { PlayerName } from "../player.ts";
import type { Program, Step } from "../program.ts";
import { ask, ownStream, step, type Titled } from "./step.ts";

/** A program, with METADATA in both directions. */
function played(program: Program, more: Partial<StreamScenario> = {}): StreamScenario {
  return { ...withMetadata, ...more, program };
}

const passing = [
  "proxy_on_request_headers",
  "proxy_on_request_metadata",
  "proxy_on_request_body",
  "proxy_on_request_trailers",
  "proxy_on_response_headers",
  "proxy_on_response_metadata",
  "proxy_on_response_body",
  "proxy_on_response_trailers",
] as const satisfies readonly Callback[];

const reply = step("proxy_send_local_response", 403, "no", "stay out", [["x-reply", "1"]], -1);
const does: Readonly<Record<string, readonly Step[]>> = {
  "a local reply": [reply],
  "a local reply with a status of gRPC": [step("proxy_send_local_response", 503, "busy", "later", [], 14)],
  "the stream is closed": [step("proxy_close_stream", 0)],
  "the response is closed": [step("proxy_close_stream", 1)],
  "changes of fields": [0, 1, 2, 3].flatMap((map) => [
    step("proxy_add_header_map_value", map, "x-new", "1"),
    step("proxy_set_header_map_pairs", map, []),
  ]),
  "changes of bodies": [0, 1].flatMap((buffer) => [
    step("proxy_set_buffer_bytes", buffer, 0, 0, "before "),
    step("proxy_get_buffer_bytes", buffer, 0, -1),
  ]),
};

const inCallbacks: readonly Titled[] = metadataCallbacks.flatMap((callback): Titled[] => [
  ...Object.entries(does).map(([what, steps]): Titled => [
    `${what} in ${callback}`,
    played({ [callback]: { steps } }),
  ]),
  ...[1, 2, 3, 99, -1].map((returns): Titled => [
    `${callback} returns ${returns}`,
    played({ [callback]: { steps: [], returns } }),
  ]),
  [`a trap in ${callback}`, played({ [callback]: { steps: [], traps: true } })],
]);

/** What becomes of METADATA when something is done elsewhere; Envoy ends by METADATA behind headers that were answered. */
const around: readonly Titled[] = passing
  .filter((callback) => /request_headers|body/.test(callback))
  .map((callback) => [
    `a reply in ${callback} of a stream with METADATA`,
    played({ [callback]: { steps: [reply] } }),
  ]);

const holds: Program = {
  proxy_on_request_headers: { steps: [ask()], returns: 4 },
  proxy_on_http_call_response: { steps: [ownStream, step("proxy_continue_stream", 0)] },
};
const buffers: Program = {
  proxy_on_request_body: [{ steps: [], returns: 1 }, { steps: [step("proxy_get_buffer_bytes", 0, 0, -1)] }],
  proxy_on_response_body: [{ steps: [], returns: 1 }, { steps: [step("proxy_get_buffer_bytes", 1, 0, -1)] }],
};
const behind = [
  { program: {}, vmId: "second" },
  { program: {}, vmId: "third" },
];

const lacking: readonly PlayerName[] = [
  "plays-as-0.1.0",
  "plays-without-creation",
  "plays-without-headers",
  "plays-without-bodies",
];

const messages: ReadonlyArray<readonly [what: string, messages: Omit<StreamScenario, "program">]> = [
  ["of a request alone", { ...withMetadata, response: { body: "response body" } }],
  ["of a response alone", { ...withMetadata, request: { headers: { "x-a": "1" } } }],
  [
    "of messages without bodies",
    {
      request: { metadata: { a: "1" } },
      response: { headers: { "content-length": "0" }, metadata: { a: "1" } },
    },
  ],
  ["of a response that has no content", { ...withMetadata, response: { status: 204, metadata: { a: "1" } } }],
  [
    "with a name that is there twice",
    {
      ...withMetadata,
      request: { metadata: [["a", "1"], ["a", "2"], ["b", ""]] }, // prettier-ignore
    },
  ],
  [
    "of a request with trailers",
    { ...withMetadata, request: { ...withMetadata.request, trailers: { t: "1" } } },
  ],
];

/** METADATA of HTTP/2, which Envoy is sent by frames of its own. */
export const withFrames: readonly Titled[] = [
  ...[...inCallbacks, ...around],
  ...messages.map(([what, exchange]): Titled => [`METADATA ${what}`, { ...exchange, program: {} }]),
  ...lacking.map((player): Titled => [`METADATA for a module that ${player}`, played({}, { player })]),
  ["METADATA behind headers that wait", played(holds)],
  ["METADATA before a body that is buffered", played(buffers)],
  ["METADATA through three filters", played({}, { behind })],
  ["METADATA behind headers that the first of three filters holds", played(holds, { behind })],
  [
    "METADATA that a second filter answers",
    played(
      {},
      {
        behind: [
          { program: { proxy_on_request_metadata: { steps: [reply] } } },
          { program: {}, vmId: "third" },
        ],
      },
    ),
  ],
];
