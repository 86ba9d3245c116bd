import fc from "fast-check";
import type { Callback, HostCall } from "./host-calls.ts";
import type { Scenario } from "./play.ts";
import { probes } from "./probes.ts";
import type { Argument, Part, Program, Step } from "./program.ts";

const step = (call: HostCall, ...arguments_: readonly Argument[]): Step => ({ call, with: arguments_ });

const name = fc.constantFrom("x-a", "X-A", "x-two", "x-new", "x-sum", "accept", "cookie", "set-cookie", "x");
const value = fc.constantFrom("", "1", "two words", "a,b", "\u00ff\u00e9", "0".repeat(300));
const map = fc.integer({ min: 0, max: 9 });
/** Without 7, which has the program, and 8, by which Envoy means whatever it has looked for last. */
const buffer = fc.constantFrom(0, 1, 2, 3, 4, 5, 6, 9);
const small = fc.constantFrom(0, 1, 2, 5, 100, -1);
const key = fc.constantFrom("", "a", "b", "a\0b");
/** Those of metrics are others. */
const kept = fc.integer({ min: 11, max: 13 });
const slot = kept.map((number) => ({ slot: number }));
const fields = fc.array(fc.tuple(name, value), { maxLength: 4 });

/** A host call that lets the stream go on as it went, but for what depends on how much has come when a reply ends it. */
const reading = fc.constantFrom(
  ...Object.values(probes)
    .flat()
    .filter(({ with: [path] }) => !/^request\0(total_)?size$/.test(String(path))),
);

const changing = fc.oneof(
  fc.tuple(map, name, value).map(([m, n, v]) => step("proxy_add_header_map_value", m, n, v)),
  fc.tuple(map, name, value).map(([m, n, v]) => step("proxy_replace_header_map_value", m, n, v)),
  fc.tuple(map, name).map(([m, n]) => step("proxy_remove_header_map_value", m, n)),
  fc.tuple(fc.constantFrom(1, 3, 4, 6, 8), fields).map(([m, f]) => step("proxy_set_header_map_pairs", m, f)),
  fc.tuple(map, name).map(([m, n]) => step("proxy_get_header_map_value", m, n)),
  fc.tuple(buffer, small, small, value).map(([b, s, l, v]) => step("proxy_set_buffer_bytes", b, s, l, v)),
  fc.tuple(buffer, small, small).map(([b, s, l]) => step("proxy_get_buffer_bytes", b, s, l)),
  fc.tuple(key, value).map(([k, v]) => step("proxy_set_property", k, v)),
  key.map((k) => step("proxy_get_property", k)),
  fc
    .tuple(key, value, fc.oneof(fc.constant(0), slot))
    .map(([k, v, c]) => step("proxy_set_shared_data", k, v, c)),
  fc.tuple(key, kept).map(([k, keep]) => ({ ...step("proxy_get_shared_data", k), keep })),
  fc.constantFrom(
    step("proxy_set_effective_context", 0),
    step("proxy_set_effective_context", 2),
    step("proxy_set_effective_context", 1),
  ),
);

const does = fc.array(fc.oneof(reading, changing), { maxLength: 6 });

/** What ends the stream, or a part of it; at most one thing in a scenario, for Envoy dies of some that are two. */
const ending = fc.constantFrom<Step>(
  step("proxy_send_local_response", 403, "no", "stay out", [["x-reply", "1"]], -1),
  step("proxy_send_local_response", 204, "", "", [], -1),
  step("proxy_send_local_response", 500, "a b", "", [], 13),
  step("proxy_close_stream", 0),
  step("proxy_close_stream", 1),
);

const passing = [
  "proxy_on_request_headers",
  "proxy_on_request_body",
  "proxy_on_request_trailers",
  "proxy_on_response_headers",
  "proxy_on_response_body",
  "proxy_on_response_trailers",
] as const;
const watching = ["proxy_on_context_create", "proxy_on_log", "proxy_on_done", "proxy_on_delete"] as const;

const returned: Readonly<Record<(typeof passing)[number], readonly number[]>> = {
  proxy_on_request_headers: [0, 2],
  proxy_on_request_body: [0, 1, 2, 3, 9],
  proxy_on_request_trailers: [0],
  proxy_on_response_headers: [0, 2],
  proxy_on_response_body: [0, 1, 2, 3, 9],
  proxy_on_response_trailers: [0],
};

const parts: fc.Arbitrary<Program> = fc.record(
  Object.fromEntries([
    ...passing.map((callback) => [
      callback,
      fc.record({ steps: does, returns: fc.constantFrom(...returned[callback]) }),
    ]),
    ...watching.map((callback) => [callback, fc.record({ steps: does })]),
  ]) as Record<Callback, fc.Arbitrary<Part>>,
  { requiredKeys: [] },
);

/** Envoy dies of a stream that is closed in the trailers of its response. */
const endable = passing.filter((callback) => callback !== "proxy_on_response_trailers");

const ends = fc.option(
  fc.oneof(
    fc.record({ callback: fc.constantFrom(...endable), end: ending }),
    fc.record({ callback: fc.constantFrom(...passing), traps: fc.constant(true) }),
  ),
);

const messages = fc.record({
  request: fc.constantFrom<NonNullable<Scenario["request"]>>(
    { headers: { "x-a": "1" } },
    { method: "HEAD" },
    {
      method: "POST",
      body: "request body",
      trailers: { "x-sum": "1" },
      headers: [
        ["x-two", "1"],
        ["x-two", "2"],
      ],
    },
    {
      method: "POST",
      body: "a",
      trailers: { a: "b" },
      path: "/a/b?c=d",
      authority: "example.test",
      headers: { "content-type": "application/grpc" },
    },
  ),
  response: fc.constantFrom<NonNullable<Scenario["response"]>>(
    {},
    { status: 404, headers: { "x-up": "1" } },
    { body: "response body", trailers: { "x-sum": "2" } },
    {
      status: 503,
      body: "b",
      trailers: { "grpc-status": "4" },
      headers: [
        ["set-cookie", "a"],
        ["set-cookie", "b"],
      ],
    },
    { fault: "refuse" },
  ),
});

/** Any scenario that ends by itself, and of which Envoy does not die. */
export const anyScenario: fc.Arbitrary<Scenario> = fc
  .tuple(parts, ends, messages)
  .map(([program, end, exchange]) => {
    const whole = end === null ? program : { ...program, [end.callback]: ended(program[end.callback], end) };
    const isReplied = end !== null || !("trailers" in exchange.response);
    const isWhole = {
      proxy_on_request_body: !("trailers" in exchange.request),
      proxy_on_response_body: isReplied,
    };
    return { ...exchange, program: letGo(whole, isWhole) };
  });

const own = step("proxy_set_effective_context", 0);

function ended(part: Program[Callback], { end, traps = false }: { end?: Step; traps?: boolean }): Part {
  const { steps } = part === undefined || !("steps" in part) ? { steps: [] } : part;
  return { steps: end === undefined ? steps : [...steps, own, end], traps };
}

/** Nobody resumes what stops at the end of a message, and a message whose length is announced cannot change it. */
function letGo(program: Program, isWhole: Partial<Record<Callback, boolean>>): Program {
  const adapted = Object.entries(program).map(([callback, part]) => {
    if (isWhole[callback as Callback] !== true || !("steps" in part)) return [callback, part];
    const steps = part.steps.filter(({ call }) => call !== "proxy_set_buffer_bytes");
    return [callback, { ...part, steps, returns: 0 }];
  });
  return Object.fromEntries(adapted) as Program;
}
