import { ofStreams } from "../places/streams.ts";
import type { Step } from "../program.ts";
import { step, type Titled } from "./step.ts";

const edits: Readonly<Record<string, readonly Step[]>> = {
  "a field is added": [
    step("proxy_add_header_map_value", 0, "x-a", "2"),
    step("proxy_add_header_map_value", 2, "x-a", "2"),
  ],
  "a field is replaced": [
    step("proxy_replace_header_map_value", 0, "x-two", "3"),
    step("proxy_replace_header_map_value", 2, "x-up", "2"),
  ],
  "a field is replaced that is not there": [
    step("proxy_replace_header_map_value", 0, "x-new", "3"),
    step("proxy_replace_header_map_value", 2, "x-new", "2"),
  ],
  "a field is removed": [
    step("proxy_remove_header_map_value", 0, "X-Two"),
    step("proxy_remove_header_map_value", 2, "x-up"),
  ],
  "all fields of a response are set": [
    step("proxy_set_header_map_pairs", 2, [
      [":status", "201"],
      ["x-only", "1"],
    ]),
  ],
  "trailers are changed": [
    step("proxy_add_header_map_value", 1, "x-new", "1"),
    step("proxy_replace_header_map_value", 3, "x-sum", "2"),
    step("proxy_remove_header_map_value", 3, "none"),
  ],
  "trailers are set": [
    step("proxy_set_header_map_pairs", 1, [["x-t", "1"]]),
    step("proxy_set_header_map_pairs", 3, [
      ["x-t", "1"],
      ["x-t", "2"],
    ]),
  ],
  "callouts' fields cannot be changed": [4, 5, 6, 7, 8].flatMap((map) => [
    step("proxy_add_header_map_value", map, "a", "b"),
    step("proxy_replace_header_map_value", map, "a", "b"),
    step("proxy_remove_header_map_value", map, "a"),
    step("proxy_set_header_map_pairs", map, []),
  ]),
  "text stands before a body": [
    step("proxy_set_buffer_bytes", 0, 0, 0, "before "),
    step("proxy_set_buffer_bytes", 1, 0, 0, "before "),
  ],
  "text stands behind a body": [
    step("proxy_set_buffer_bytes", 1, 9_999, 0, " behind"),
    step("proxy_get_buffer_bytes", 1, 0, -1),
  ],
  "a body is replaced": [
    step("proxy_set_buffer_bytes", 1, 0, -1, "other"),
    step("proxy_get_buffer_bytes", 1, 0, -1),
    step("proxy_get_buffer_status", 1),
  ],
  "a part of a body is replaced": [
    step("proxy_set_buffer_bytes", 1, 0, 4, "RESP"),
    step("proxy_set_buffer_bytes", 1, 1, 1, "x"),
  ],
  "buffers that cannot be changed": [2, 3, 4, 5, 6, 7, 9].flatMap((buffer) => [
    step("proxy_set_buffer_bytes", buffer, 0, -1, "x"),
    step("proxy_set_buffer_bytes", buffer, 1, 1, "x"),
  ]),
  "an odd type": [
    step("proxy_set_buffer_bytes", -1, 0, 0, "x"),
    step("proxy_add_header_map_value", -1, "a", "b"),
  ],
};

/** Changes of messages, where they can be made and where they cannot. */
export const edited: readonly Titled[] = ofStreams.flatMap(({ name, scenario }) =>
  Object.entries(edits).map(([what, steps]): Titled => [`${what} in ${name}`, scenario(steps)]),
);
