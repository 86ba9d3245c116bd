import fc from "fast-check";
import { fieldValue, hostile, place, written } from "./hostile.ts";
import { type Operand, operation, type Step } from "./steps.ts";
import type { Plan, World } from "./world.ts";

const limit = fc.constantFrom(0, 3, 40, 1 << 20, -1);

const respond: fc.Arbitrary<readonly Operand[]> = fc.oneof(
  fc.tuple(fc.oneof(fc.integer({ min: 200, max: 599 }), place), hostile, fc.constant(true)),
  fc.tuple(
    fc.oneof(fc.integer({ min: 200, max: 599 }), place),
    hostile,
    fc.constant(false),
    hostile,
    place,
    written,
  ),
);

/** What steers a stream; `after` are the steps for the answer of a callout. */
// A table: one line an operation.
// prettier-ignore
export const streamOperations = (after: fc.Arbitrary<Step[]>) => [
  operation("Stream.RewriteRequest", fc.constant([]), (_, world) => plan(world, 0, "rewrite")),
  operation("Stream.RewriteResponse", fc.constant([]), (_, world) => plan(world, 1, "rewrite")),
  operation("Stream.BufferRequest", fc.tuple(limit, fc.boolean()), (_, world) => plan(world, 0, "whole")),
  operation("Stream.BufferResponse", fc.tuple(limit, fc.boolean()), (_, world) => plan(world, 1, "whole")),
  operation("Stream.ResumeRequest", fc.constant([])),
  operation("Stream.ResumeResponse", fc.constant([])),
  operation("Stream.Respond", respond),
  operation("Stream.Close", fc.constant([])),
  operation("Stream.Call", call(after)),
  operation("Stream.CancelCall", fc.constant([])),
  operation("Stream.After", timer(after)),
  operation("Stream.Every", timer(after)),
];

function call(after: fc.Arbitrary<Step[]>): fc.Arbitrary<readonly Operand[]> {
  const cluster = fc.oneof({ weight: 4, arbitrary: fc.constant("auth") }, { weight: 1, arbitrary: hostile });
  const then = fc.tuple(place, place, after);
  const isAgain = fc.constantFrom(false, false, true);
  const timeout = fc.oneof(place, fc.constant(0));
  const request = [cluster, fieldValue, fieldValue, hostile, timeout, written, written] as const;
  return fc
    .tuple(fc.tuple(...request), isAgain, fc.constantFrom(false, false, true), fc.boolean(), then)
    .map(([asked, again, isOfPlugin, isInsistent, [from, length, steps]]) => {
      const owner = { model: isOfPlugin ? "plugin" : "stream" };
      return [...asked, again, isOfPlugin, isInsistent, { first: [from, length, owner], steps }];
    });
}

function timer(after: fc.Arbitrary<Step[]>): fc.Arbitrary<readonly Operand[]> {
  const then = after.map((steps) => ({ first: [{ model: "timer of a stream" }], steps }));
  return fc.tuple(
    fc.nat({ max: 50 }),
    fc.nat({ max: 3 }).map((code) => ({ code })),
    then,
  );
}

/** Only the headers' own callback can say what is to become of the body. */
function plan(world: World, message: number, wanted: Plan): null {
  const own = ["proxy_on_request_headers", "proxy_on_response_headers"][message];
  if (world.state.callback === own && world.message === message) world.plans[message] = wanted;
  return null;
}
