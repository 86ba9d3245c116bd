import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { requiresCi } from "../harness/requires-ci.ts";
import { requiresEnvoy } from "../harness/requires-envoy.ts";
import { bytesField, varintField } from "../../harness/src/embedded/protobuf.ts";
import { step } from "./flows/step.ts";
import { withMetadata } from "./places/metadata.ts";
import { exchange } from "./places/streams.ts";
import { embedded, play, type Scenario } from "./play.ts";
import type { Program } from "./program.ts";
import { over } from "./serving.ts";

const write = { steps: [step("proxy_add_header_map_value", 1, "x-late", "1")] };
const holds: Program = { proxy_on_request_body: { steps: [], returns: 1 } };
const flatBuffers = Buffer.concat([bytesField(1, Buffer.from("mine")), varintField(3, 2)]);

/** What the page says of Envoy, as small as it gets; what is one step less is played against the embedded host. */
const deadly: Readonly<Record<string, Scenario>> = {
  "late trailers of two filters, which the first writes again": {
    ...exchange,
    response: {},
    program: { ...holds, proxy_on_log: write, proxy_on_done: write },
    behind: [{ program: { ...holds, proxy_on_log: write } }],
  },
  "METADATA behind headers of a response that a filter has answered": {
    ...withMetadata,
    program: {
      proxy_on_response_headers: { steps: [step("proxy_send_local_response", 403, "no", "", [], -1)] },
    },
  },
  "a call of a service that ends with Envoy": {
    serves: true,
    player: "plays-as-service",
    program: {
      proxy_on_configure: { steps: [step("proxy_set_tick_period_milliseconds", 5)], returns: 1 },
      proxy_on_tick: { steps: [step("proxy_set_tick_period_milliseconds", 0), over] },
      "proxy_on_done of the plugin": {
        steps: [step("proxy_http_call", "none", [], "", [], 100)],
        returns: 1,
      },
    },
  },
  "a property of FlatBuffers that has no schema, read by filter_state": {
    ...exchange,
    program: {
      proxy_on_configure: {
        steps: [step("proxy_call_foreign_function", "declare_property", flatBuffers)],
        returns: 1,
      },
      proxy_on_request_headers: {
        steps: [
          step("proxy_set_property", "mine", "one"),
          step("proxy_get_property", "filter_state\0wasm.mine"),
        ],
      },
    },
  },
};

describe("Envoy 1.40 ends by SIGSEGV, and the embedded host goes on", () => {
  test.for(Object.entries(deadly))("%s", async ([, scenario], { skip }) => {
    requiresCi(skip); // each takes an Envoy of its own
    await requiresEnvoy(skip);

    await expect(play(embedded, scenario)).resolves.toMatchObject({ said: expect.any(Array) });
    await expect(play({ backend: "envoy" }, scenario)).rejects.toMatchObject({
      code: "envoy_exited",
      message: expect.stringMatching(/SIGSEGV/),
    });
  });
});

test("every row of the page of what is otherwise names its source", async () => {
  const page = await readFile(new URL("../../docs/embedded.md", import.meta.url), "utf8");
  const rows = page.split("\n").filter((line) => /^\| (?!-|what )/.test(line));

  expect(rows.filter((row) => !/`[\w/]+\.cc`/.test(row))).toEqual([]);
});
