import fc from "fast-check";
import { encodePairs } from "../host/fields.ts";
import { EMPTY_RESULT, type Faults } from "../host/imports.ts";
import { hostFields, hostile, place } from "./hostile.ts";
import type { Session } from "./session.ts";
import { soundSession } from "./streams.ts";

const refusals = [0, 0, 1, 2, 6, 7, 8, 10, 12, 255];
const named = (...names: string[]): fc.Arbitrary<string> => fc.constantFrom(...names);
const faultOf = (statuses: readonly number[]) =>
  fc.array(fc.constantFrom(...statuses), { minLength: 1, maxLength: 3 }).map((faults) => [...faults, 0]);
/** What a host may refuse, and what it may say is there and then give nothing. */
const faults = fc
  .tuple(
    fc.dictionary(
      named(
        ...[
          "set_header_map_pairs",
          "add_header_map_value",
          "replace_header_map_value",
          "remove_header_map_value",
        ],
        ...[
          "set_buffer_bytes",
          "set_property",
          "set_shared_data",
          "enqueue_shared_queue",
          "send_local_response",
        ],
        ...["continue_stream", "close_stream", "log", "set_tick_period_milliseconds"],
        ...["increment_metric", "record_metric", "define_metric", "register_shared_queue"],
        ...["grpc_send", "grpc_close", "grpc_cancel"],
      ),
      faultOf(refusals),
      { maxKeys: 3 },
    ),
    fc.dictionary(
      named(
        ...[
          "get_header_map_pairs",
          "get_buffer_bytes",
          "get_property",
          "call_foreign_function",
          "get_shared_data",
        ],
        ...["resolve_shared_queue", "dequeue_shared_queue", "http_call", "get_log_level"],
        ...["grpc_call", "grpc_stream", "get_status"],
        ...["get_current_time_nanoseconds", "clock_time_get"],
      ),
      faultOf([...refusals, EMPTY_RESULT]),
      { maxKeys: 3 },
    ),
  )
  .map(([refused, empty]): Faults => ({ ...refused, ...empty }));
const rawPairs = fc.tuple(hostFields, place, hostile).map(([fields, at, bytes]) => {
  const pairs = encodePairs(fields);
  return pairs.slice(0, Math.abs(at) % (pairs.length + 1)) + bytes;
});

/** Sessions with a host that refuses, forgets, and hands over what is none: nothing may trap, nor harm the host. */
export const hostileSession: fc.Arbitrary<Session> = fc
  .tuple(
    soundSession,
    faults,
    fc.option(rawPairs),
    fc.oneof(fc.constantFrom("", "{}"), hostile),
    fc.oneof(fc.constant(0), place),
  )
  .map(([session, faulty, raw, configuration, logLevel]) => ({
    ...session,
    faults: faulty,
    rawPairs: raw,
    configuration,
    logLevel,
  }));
