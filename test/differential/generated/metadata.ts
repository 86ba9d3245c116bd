import fc from "fast-check";
import { withMetadata } from "../places/metadata.ts";
import type { StreamScenario } from "../play.ts";
import type { PlayerName } from "../player.ts";
import type { Part, Program } from "../program.ts";
import { ask } from "../flows/step.ts";
import { does, doesAlone, step } from "./steps.ts";

type Metadata = NonNullable<StreamScenario["request"]["metadata"]>;

const fields: fc.Arbitrary<Metadata> = fc.array(
  fc.tuple(fc.constantFrom("a", "b", "x-c"), fc.constantFrom("", "1", "two words", "0".repeat(100))),
  { minLength: 1, maxLength: 4 },
);

/** As HTTP/1.1 says it. */
const empty = { headers: { ...withMetadata.response.headers, "content-length": "0" } };

/** In other callbacks a filter sees by what its stream has come. */
function parts(steps: typeof does): fc.Arbitrary<Program> {
  const part = fc.record({ steps, returns: fc.constantFrom(0, 1, 3, 99) });
  const kept = fc.record({ steps: fc.constant([]), returns: fc.constantFrom(0, 1) });
  return fc.record(
    {
      proxy_on_request_metadata: part,
      proxy_on_response_metadata: part,
      proxy_on_request_body: kept.map((first): [Part, Part] => [first, { steps: [] }]),
      proxy_on_response_body: kept.map((first): [Part, Part] => [first, { steps: [] }]),
    },
    { requiredKeys: [] },
  );
}

const player = fc.oneof(
  { weight: 4, arbitrary: fc.constant<PlayerName>("plays") },
  fc.constantFrom<PlayerName>("plays-without-headers", "plays-without-bodies", "plays-without-end"),
);

/** Headers that the only filter holds until a callout is answered, with what comes behind them. */
function held(returns: number): Program {
  return {
    proxy_on_request_headers: { steps: [ask()], returns },
    proxy_on_http_call_response: {
      steps: [step("proxy_set_effective_context", 2), step("proxy_continue_stream", 0)],
    },
  };
}

/**
 * Nobody resumes what stops at the end of a body, which is the first that is seen of one that is empty, that has waited, or
 * that another filter has buffered.
 */
function letGo(program: Program, { hasBody, isHeld }: { hasBody: boolean; isHeld: boolean }): Program {
  const isStuck = (moment: string): boolean =>
    /_body$/.test(moment) && (!hasBody || (isHeld && /request/.test(moment)));
  return Object.fromEntries(Object.entries(program).filter(([moment]) => !isStuck(moment)));
}

/** A stream with METADATA, through one filter or two. */
export const streamsWithMetadata: fc.Arbitrary<StreamScenario> = fc
  .record({
    program: parts(does),
    second: fc.option(parts(doesAlone)),
    player,
    sent: fc.option(fields),
    answered: fields,
    hasBody: fc.boolean(),
    holds: fc.option(fc.constantFrom(1, 3, 4)),
  })
  .map(({ program, second, player: module, sent, answered, hasBody, holds: wanted }) => {
    const holds = second === null ? wanted : null;
    const { request, response } = withMetadata;
    const way = { hasBody: hasBody && second === null, isHeld: holds !== null };
    return {
      request: {
        ...(hasBody ? request : { headers: request.headers }),
        ...(sent === null ? { metadata: [] } : { metadata: sent }),
      },
      response: { ...(hasBody ? response : empty), metadata: answered },
      player: holds === null ? module : "plays",
      program: { ...letGo(program, way), ...(holds === null ? {} : held(holds)) },
      behind: second === null ? [] : [{ program: letGo(second, way) }],
    };
  });
