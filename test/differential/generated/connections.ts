import fc from "fast-check";
import { asking, connectionCallbacks, conversation, resumeConnection } from "../places/connections.ts";
import type { ConnectionScenario, Played } from "../play.ts";
import type { PlayerName } from "../player.ts";
import type { Part, Program, Step } from "../program.ts";
import { doesToConnections, step } from "./steps.ts";

const own = step("proxy_set_effective_context", 0);

const parts = fc.record(
  Object.fromEntries(
    connectionCallbacks.map((callback) => [
      callback,
      fc
        .tuple(doesToConnections, doesToConnections)
        .map(([first, later]): [Part, Part] => [{ steps: first }, { steps: later }]),
    ]),
  ) as Record<(typeof connectionCallbacks)[number], fc.Arbitrary<[Part, Part]>>,
  { requiredKeys: [] },
);

/** What a callout's answer lets go on, or what ends the connection. */
const turn = fc.option(
  fc.oneof(
    fc.constantFrom("proxy_on_new_connection", "proxy_on_downstream_data").map((callback) => ({
      kind: "held" as const,
      callback: callback as "proxy_on_new_connection",
    })),
    fc.record({
      kind: fc.constant("ended" as const),
      callback: fc.constantFrom(
        ...(["proxy_on_downstream_data", "proxy_on_upstream_data"] as const),
        ...(["proxy_on_upstream_connection_close", "proxy_on_downstream_connection_close"] as const),
      ),
      end: fc.constantFrom<Step | null>(
        step("proxy_close_stream", 2),
        step("proxy_close_stream", 3),
        null, // a trap
      ),
    }),
  ),
);

type TurnOf = typeof turn extends fc.Arbitrary<infer Kind> ? Kind : never;

/** Without what would send more with the end of what the client sends: the echo may come with the upstream's end, or before. */
function withoutLateData(program: Program): Program {
  const part = program.proxy_on_downstream_data;
  if (part === undefined || "steps" in part) return program;
  const [first, later] = part;
  const steps = later.steps.filter(({ call }) => call !== "proxy_set_buffer_bytes");
  return { ...program, proxy_on_downstream_data: [first, { ...later, steps }] };
}

function mapped(program: Program, map: (steps: readonly Step[]) => readonly Step[]): Program {
  return Object.fromEntries(
    Object.entries(program).map(([moment, part]) => {
      const parts = "steps" in part ? [part] : part;
      return [moment, parts.map((each) => ({ ...each, steps: map(each.steps) }))];
    }),
  ) as Program;
}

function turned(program: Program, what: TurnOf): Program {
  if (what === null) return program;
  const part = program[what.callback];
  const [first = { steps: [] }, later = { steps: [] }] =
    part === undefined ? [] : "steps" in part ? [part] : part;
  if (what.kind === "held")
    return {
      ...mapped(program, (steps) => steps.filter(({ call }) => call !== "proxy_set_buffer_bytes")),
      [what.callback]: [{ steps: [...first.steps, own, asking], returns: 1 }, { steps: [] }],
      proxy_on_http_call_response: { steps: resumeConnection },
    };
  const end: Part =
    what.end === null ? { ...first, traps: true } : { steps: [...first.steps, own, what.end] };
  return { ...program, [what.callback]: [end, later] };
}

const player = fc.oneof(
  { weight: 4, arbitrary: fc.constant<PlayerName>("plays") },
  fc.constantFrom<PlayerName>(
    ...(["plays-without-creation", "plays-without-start-and-log", "plays-without-end"] as const),
    ...(["plays-without-data", "plays-without-connections"] as const),
  ),
);

const turns = fc.constantFrom<Pick<ConnectionScenario, "turns" | "behaviour">>(
  conversation,
  { turns: [["ends"], ["receives the rest"], ["is closed"]], behaviour: "says nothing" },
  { turns: [["sends", "abc"], ["receives", 1], ["leaves"]] },
  { turns: [["receives", 1], ["ends"], ["is closed"]], behaviour: "greets" },
  { turns: [["sends", "abc"], ["is closed"], ["ends"]], behaviour: "ends when it has data" },
  { turns: [["sends", "abc"], ["is closed"]], behaviour: "breaks off when it has data" },
  { turns: [["is closed"]], behaviour: "refuses" },
);

const other: fc.Arbitrary<Played> = fc.record({
  program: parts as fc.Arbitrary<Program>,
  vmId: fc.constantFrom("", "other"),
});

/** A connection that ends by itself. */
export const connections: fc.Arbitrary<ConnectionScenario> = fc
  .record({ program: parts, what: turn, said: turns, player, behind: fc.array(other, { maxLength: 1 }) })
  .map(({ program, what, said, player: module, behind }) => ({
    ...said,
    player: module,
    program: turned(withoutLateData(program), behind.length === 0 ? what : null),
    behind: behind.map((played) => ({ ...played, program: withoutLateData(played.program) })),
  }));
