import type { Callback } from "../abi.ts";
import type { StreamScenario } from "../play.ts";
import type { Part, Program } from "../program.ts";
import { ask, ownStream, played, step, type Titled } from "./step.ts";

const directions = ["request", "response"] as const;
const [requestStream, responseStream] = [0, 1];

/** Whether what a callback returns waits for somebody to resume the stream; after a body the trailers do. */
const stops = {
  headers: (value: number) => value !== 0 && value !== 2,
  body: () => false,
  trailers: (value: number) => value !== 0,
};

/** What each callback may return, and that nothing resumes a stream that is stopped is seen, too. */
export const returned: readonly Titled[] = directions.flatMap((direction) =>
  (["headers", "body", "trailers"] as const).flatMap((part) =>
    [0, 1, 2, 3, 4, 5, 99, -1].map((value): Titled => {
      const callback: Callback = `proxy_on_${direction}_${part}`;
      const doesStop = stops[part](value);
      const scenario = doesStop ? resumedLater : (_: Callback, does: Part) => played({ [callback]: does });
      return [`${callback} returns ${value}`, scenario(callback, { steps: [], returns: value })];
    }),
  ),
);

/**
 * A body whose end comes by itself: what a filter does with the one and with the other, until a callout resumes it. Envoy
 * dies of who reads then what has not been buffered.
 */
export const heldInParts: readonly Titled[] = [1, 2, 3].flatMap((first) =>
  [1, 2, 3].map((second): Titled => {
    const read = [step("proxy_get_buffer_bytes", 0, 0, -1), step("proxy_get_buffer_status", 0)];
    const program: Program = {
      proxy_on_request_body: [
        { steps: read, returns: first },
        { steps: [...read, ask()], returns: second },
      ],
      proxy_on_http_call_response: {
        steps: [ownStream, ...(second === 1 ? read : []), step("proxy_continue_stream", requestStream)],
      },
    };
    const request = { method: "POST", headers: { "transfer-encoding": "chunked" }, body: "request body" };
    return [`a body returns ${first} and its end ${second}`, played(program, { request })];
  }),
);

const chunked = { headers: { "transfer-encoding": "chunked" } };

/** An end that comes by itself although there is no body. */
export const emptyInChunks: readonly Titled[] = [
  ["an empty request in chunks", played({}, { request: { method: "POST", ...chunked } })],
  ["an empty response in chunks", played({}, { response: chunked })],
  ["an empty response in chunks to HEAD", played({}, { request: { method: "HEAD" }, response: chunked })],
  ["a response without content in chunks", played({}, { response: { status: 304, ...chunked } })],
  [
    "an end that is held",
    played(
      {
        proxy_on_request_body: { steps: [ask()], returns: 1 },
        proxy_on_http_call_response: { steps: [ownStream, step("proxy_continue_stream", requestStream)] },
      },
      { request: { method: "POST", ...chunked }, response: chunked },
    ),
  ],
];

const bodies: Readonly<Record<string, NonNullable<StreamScenario["response"]>>> = {
  "of announced length": { body: "a body" },
  "in chunks": { headers: { "transfer-encoding": "chunked" }, body: "a body" },
  "with trailers": { body: "a body", trailers: { "x-sum": "1" } },
};

/** A body that comes while its headers are held is one piece, with its end, once they go on. */
export const heldBehindHeaders: readonly Titled[] = directions.flatMap((direction) =>
  Object.entries(bodies).flatMap(([what, message]) =>
    [1, 3, 4].flatMap((value): Titled[] => {
      const buffer = direction === "request" ? requestStream : responseStream;
      const read = [step("proxy_get_buffer_bytes", buffer, 0, -1)];
      const [holds, sees, keeps]: Program[] = [
        {
          [`proxy_on_${direction}_headers`]: { steps: [ask()], returns: value },
          proxy_on_http_call_response: { steps: [ownStream, step("proxy_continue_stream", buffer)] },
          [`proxy_on_${direction}_body`]: [{ steps: read }, { steps: read }],
        },
        { [`proxy_on_${direction}_body`]: [{ steps: read }, { steps: read }] },
        { [`proxy_on_${direction}_body`]: [{ steps: read, returns: 1 }, { steps: read }] },
      ];
      const more = { [direction]: direction === "request" ? { method: "POST", ...message } : message };
      const title = `a body of a ${direction} ${what} comes behind headers that return ${value}`;
      const others = [sees, ...(what === "with trailers" ? [keeps] : [])].map((program = {}, i) => ({
        program,
        vmId: `behind ${i}`,
      }));
      return [
        [title, played(holds ?? {}, more)],
        ...(value === 4
          ? [[`${title}, through several filters`, played(holds ?? {}, { ...more, behind: others })] as const]
          : []),
      ];
    }),
  ),
);

/** A callback stops what a callout, begun before, resumes. */
function resumedLater(callback: Callback, part: Part): StreamScenario {
  const direction = callback.includes("request") ? requestStream : responseStream;
  return played({
    [callback]: { ...part, steps: [ask(), ...part.steps] },
    proxy_on_http_call_response: { steps: [ownStream, step("proxy_continue_stream", direction)] },
  });
}
