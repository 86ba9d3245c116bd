import { streamCallbacks } from "../places/streams.ts";
import type { Argument } from "../program.ts";
import { played, step, type Titled } from "./step.ts";

const replies: Readonly<Record<string, readonly Argument[]>> = {
  "with a body": [403, "no entry", "stay out", [["x-reply", "1"]], -1],
  "without a body": [204, "", "", [], -1],
  "with a status of gRPC": [503, "busy", "later", [], 14],
  "with an odd status": [
    418,
    "tea\tpot\n",
    "short",
    [
      ["content-type", "text/html"],
      ["x-reply", "1"],
      ["x-reply", "2"],
    ],
    99,
  ],
};

/** In others Envoy ends by a signal. */
const replying = streamCallbacks.filter((callback) => !/log|done|delete/.test(callback));
const ofRequest = replying.filter((callback) => /request/.test(callback));
const made = replying.filter((callback) => !/create/.test(callback));

/** Local replies. */
export const replied: readonly Titled[] = replying.flatMap((callback) =>
  Object.entries(replies).flatMap(([what, reply]): Titled[] => [
    [
      `a local reply ${what} in ${callback}`,
      played({ [callback]: { steps: [step("proxy_send_local_response", ...reply)] } }),
    ],
    [
      `a local reply ${what} in ${callback}, which stops`,
      played({ [callback]: { steps: [step("proxy_send_local_response", ...reply)], returns: 1 } }),
    ],
  ]),
);

/** Streams that are closed, resumed, answered and broken. */
export const steered: readonly Titled[] = [
  ...made.flatMap((callback): Titled[] => [
    [
      `the stream is closed in ${callback}`,
      played({ [callback]: { steps: [step("proxy_close_stream", 0)], returns: 1 } }),
    ],
    [
      `the response is closed in ${callback}`,
      played({ [callback]: { steps: [step("proxy_close_stream", 1)], returns: 1 } }),
    ],
    [
      `a connection is closed in ${callback}`,
      played({
        [callback]: {
          steps: [
            step("proxy_close_stream", 2),
            step("proxy_close_stream", 3),
            step("proxy_close_stream", 4),
          ],
        },
      }),
    ],
    [
      `a connection is resumed in ${callback}`,
      played({
        [callback]: {
          steps: [
            step("proxy_continue_stream", 2),
            step("proxy_continue_stream", 3),
            step("proxy_continue_stream", 4),
          ],
        },
      }),
    ],
    [
      `a reply and a resumption in ${callback}`,
      played({
        [callback]: {
          steps: [
            step("proxy_send_local_response", 401, "first", "one", [], -1),
            step("proxy_continue_stream", 0),
          ],
          returns: 1,
        },
      }),
    ],
    [`a trap in ${callback}`, played({ [callback]: { steps: [], traps: true } })],
  ]),
  ...ofRequest.flatMap((callback): Titled[] => [
    [
      `two replies in ${callback}`,
      played({
        [callback]: {
          steps: [
            step("proxy_send_local_response", 401, "first", "one", [], -1),
            step("proxy_send_local_response", 402, "second", "two", [], -1),
          ],
          returns: 1,
        },
      }),
    ],
    [
      `${callback} resumes its own stop`,
      played({ [callback]: { steps: [step("proxy_continue_stream", 0)], returns: 1 } }),
    ],
  ]),
  [
    "a request without a body is resumed by its own stop",
    played(
      { proxy_on_request_headers: { steps: [step("proxy_continue_stream", 0)], returns: 1 } },
      { request: {} },
    ),
  ],
  [
    "a request without a body is resumed twice",
    played(
      {
        proxy_on_request_headers: {
          steps: [step("proxy_continue_stream", 0), step("proxy_continue_stream", 0)],
          returns: 4,
        },
      },
      { request: {} },
    ),
  ],
  [
    "a response without a body is resumed by its own stop",
    played(
      { proxy_on_response_headers: { steps: [step("proxy_continue_stream", 1)], returns: 4 } },
      { response: {} },
    ),
  ],
  ...(["proxy_on_response_headers", "proxy_on_response_body", "proxy_on_response_trailers"] as const).map(
    (callback): Titled => [
      `${callback} resumes its own stop`,
      played({ [callback]: { steps: [step("proxy_continue_stream", 1)], returns: 1 } }),
    ],
  ),
];
