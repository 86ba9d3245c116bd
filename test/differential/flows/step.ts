import type { HostCall } from "../abi.ts";
import { exchange } from "../places/streams.ts";
import type { Scenario, StreamScenario } from "../play.ts";
import type { Argument, Program, Step } from "../program.ts";

/** A scenario and what is said of it. */
export type Titled = readonly [title: string, scenario: Scenario];

/** A host call that a program makes. */
export const step = (call: HostCall, ...arguments_: readonly Argument[]): Step => ({
  call,
  with: arguments_,
});

/** The headers of a request to the service. */
export const asked = [
  [":method", "GET"],
  [":path", "/asked"],
  [":authority", "service"],
] as const;
/** A callout to the service, which answers while the request is held. */
export const ask = (timeoutMs = 5_000): Step => step("proxy_http_call", "service", asked, "", [], timeoutMs);
/** What follows is done to the stream, in whichever callback. */
export const ownStream = step("proxy_set_effective_context", 2);

/** A program, with a request and a response that make each callback of a stream. */
export function played(program: Program, more: Partial<StreamScenario> = {}): StreamScenario {
  return { ...exchange, ...more, program };
}
