import { ownStream, played, step, type Titled } from "./step.ts";

const token = { slot: 1 };

/** Queues. */
export const queued: readonly Titled[] = [
  [
    "messages of a queue are taken when they come",
    played({
      proxy_on_request_headers: {
        steps: [
          { ...step("proxy_register_shared_queue", "queue"), keep: 1 },
          step("proxy_resolve_shared_queue", "", "queue"),
          step("proxy_enqueue_shared_queue", token, "one"),
          step("proxy_enqueue_shared_queue", token, ""),
        ],
        returns: 4,
      },
      proxy_on_queue_ready: [
        {
          steps: [
            step("proxy_dequeue_shared_queue", token),
            step("proxy_dequeue_shared_queue", token),
            step("proxy_dequeue_shared_queue", token),
          ],
        },
        { steps: [step("proxy_dequeue_shared_queue", token), ownStream, step("proxy_continue_stream", 0)] },
      ],
    }),
  ],
  [
    "a message is taken back before its reader is told",
    played({
      proxy_on_request_headers: {
        steps: [
          { ...step("proxy_register_shared_queue", "queue"), keep: 1 },
          step("proxy_enqueue_shared_queue", token, "one"),
          step("proxy_dequeue_shared_queue", token),
          step("proxy_dequeue_shared_queue", token),
        ],
        returns: 4,
      },
      proxy_on_queue_ready: {
        steps: [step("proxy_dequeue_shared_queue", token), ownStream, step("proxy_continue_stream", 0)],
      },
    }),
  ],
];

/** Timers. */
export const ticked: readonly Titled[] = [
  [
    "a tick resumes a request",
    played({
      proxy_on_request_headers: { steps: [step("proxy_set_tick_period_milliseconds", 5)], returns: 4 },
      proxy_on_tick: {
        steps: [
          step("proxy_set_tick_period_milliseconds", 0),
          step("proxy_get_header_map_value", 0, "x-a"),
          ownStream,
          step("proxy_get_header_map_value", 0, "x-a"),
          step("proxy_continue_stream", 0),
        ],
      },
    }),
  ],
  [
    "a tick answers a request",
    played({
      proxy_on_request_body: { steps: [], returns: 1 },
      // The last callback of the request: in a real Envoy nothing of it can come after the tick.
      proxy_on_request_trailers: { steps: [step("proxy_set_tick_period_milliseconds", 5)], returns: 1 },
      proxy_on_tick: {
        steps: [
          step("proxy_set_tick_period_milliseconds", 0),
          ownStream,
          step("proxy_get_buffer_bytes", 0, 0, -1),
          step("proxy_send_local_response", 503, "slow", "late", [], -1),
        ],
      },
    }),
  ],
];
