import fc from "fast-check";
import { passing, type Callback } from "../abi.ts";
import type { StreamScenario } from "../play.ts";
import type { PlayerName } from "../player.ts";
import type { Part, Program, Step } from "../program.ts";
import { does, doesAlone, doesAtStart, step } from "./steps.ts";

/** What ends the stream, or a part of it; at most one thing in a scenario, for Envoy dies of some that are two. */
const ending = fc.constantFrom<Step>(
  step("proxy_send_local_response", 403, "no", "stay out", [["x-reply", "1"]], -1),
  step("proxy_send_local_response", 204, "", "", [], -1),
  step("proxy_send_local_response", 500, "a b", "", [], 13),
  step("proxy_close_stream", 0),
  step("proxy_close_stream", 1),
);

const watching = ["proxy_on_context_create", "proxy_on_log", "proxy_on_done", "proxy_on_delete"] as const;

const returned: Readonly<Record<(typeof passing)[number], readonly number[]>> = {
  proxy_on_request_headers: [0, 2],
  proxy_on_request_body: [0, 1, 2, 3, 9],
  proxy_on_request_trailers: [0],
  proxy_on_response_headers: [0, 2],
  proxy_on_response_body: [0, 1, 2, 3, 9],
  proxy_on_response_trailers: [0],
};

function partsOf(steps: fc.Arbitrary<Step[]>): fc.Arbitrary<Program> {
  return fc.record(
    Object.fromEntries([
      ...passing.map((callback) => [
        callback,
        fc.record({ steps, returns: fc.constantFrom(...returned[callback]) }),
      ]),
      ...watching.map((callback) => [callback, fc.record({ steps })]),
    ]) as Record<Callback, fc.Arbitrary<Part>>,
    { requiredKeys: [] },
  );
}

/** Envoy dies of a stream that is closed in the trailers of its response. */
const endable = passing.filter((callback) => callback !== "proxy_on_response_trailers");

const ends = fc.option(
  fc.oneof(
    fc.record({ callback: fc.constantFrom(...endable), end: ending }),
    fc.record({ callback: fc.constantFrom(...passing), traps: fc.constant(true) }),
  ),
);

/** What passes. */
export const messages = fc.record({
  request: fc.constantFrom<NonNullable<StreamScenario["request"]>>(
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
  response: fc.constantFrom<NonNullable<StreamScenario["response"]>>(
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

/** A plugin's start, in which nothing is kept for other VMs. */
const starts: fc.Arbitrary<Program> = fc.record(
  {
    "proxy_on_context_create of the plugin": fc.record({ steps: doesAtStart }),
    proxy_on_vm_start: fc.record({ steps: doesAtStart, returns: fc.constant(1) }),
    proxy_on_configure: fc.record({ steps: doesAtStart, returns: fc.constant(1) }),
  },
  { requiredKeys: [] },
);

const player = fc.oneof(
  { weight: 4, arbitrary: fc.constant<PlayerName>("plays") },
  fc.constantFrom<PlayerName>(
    "plays-without-creation",
    "plays-without-start-and-log",
    "plays-without-end",
    "plays-without-headers",
    "plays-without-bodies",
  ),
);

/** A stream that ends by itself, and of which Envoy does not die. */
export const streams: fc.Arbitrary<StreamScenario> = fc
  .tuple(partsOf(does), ends, messages, fc.oneof(fc.constant({}), starts), player)
  .map(([program, end, exchange, start, module]) => ({
    ...exchange,
    player: module,
    program: { ...whole(program, end, exchange), ...start },
  }));

const logging: fc.Arbitrary<Program> = fc.record({
  "proxy_on_log of the plugin": fc.record({ steps: doesAlone }),
});
const vmId = fc.constantFrom("", "other");

/** A stream that passes two or three filters, of which one at most ends it, and access loggers. */
export const chains: fc.Arbitrary<StreamScenario> = fc
  .record({
    programs: fc.array(fc.record({ program: partsOf(doesAlone), vmId }), { minLength: 2, maxLength: 3 }),
    end: ends,
    ender: fc.nat({ max: 2 }),
    exchange: messages,
    loggers: fc.array(fc.record({ program: logging, vmId }), { maxLength: 2 }),
    isReplaced: fc.oneof({ weight: 7, arbitrary: fc.constant(false) }, fc.constant(true)),
  })
  .map(({ programs, end, ender, exchange, loggers, isReplaced }) => {
    const players = programs.map(({ program, vmId: vm }, i) => ({
      program: whole(program, i === ender % programs.length ? end : null, exchange, end !== null),
      vmId: vm,
    }));
    const [first = { program: {} }, ...behind] = players;
    return { ...exchange, ...first, behind, loggers, ends: isReplaced };
  });

/** What ends a stream. */
interface End {
  readonly callback: (typeof passing)[number];
  readonly end?: Step;
  readonly traps?: boolean;
}

/** A program with its end, which lets go what nobody would resume. */
function whole(
  program: Program,
  end: End | null,
  exchange: Pick<StreamScenario, "request" | "response">,
  isEnded = end !== null,
): Program {
  const complete =
    end === null ? program : { ...program, [end.callback]: endedPart(program[end.callback], end) };
  const isReplied = isEnded || !("trailers" in (exchange.response ?? {}));
  return letGo(complete, {
    proxy_on_request_body: !("trailers" in exchange.request),
    proxy_on_response_body: isReplied,
  });
}

const own = step("proxy_set_effective_context", 0);

function endedPart(part: Program[Callback], { end, traps = false }: { end?: Step; traps?: boolean }): Part {
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
