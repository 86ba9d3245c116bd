import { startProxy, Upstream } from "proxy-wasm-harness";
import { expect } from "proxy-wasm-harness/vitest";
import { guest } from "../guests/guest.ts";
import { sampled } from "../harness/sampling.ts";
import { backend, inProject, test } from "../project.ts";
import { errorsOf, later, messageFor, type Steer, unsent } from "./steering.ts";

const over = "the stream has not begun, or is over: take another callback";
const notPaused = (what: string): string => `the ${what} is not paused`;
const answered = "the filter has answered or closed the stream already";
const resumed = "the stream was resumed, and may be over by now: do it before";

/** What Envoy 1.40 dies of, corrupts or loses in silence, and what the filter logs in its place. */
// A table: one line a call.
// prettier-ignore
const inCallback: Array<[steer: Steer, line: string]> = [
  [{ in: "log", do: ["respond"] }, `a local reply was refused in onLog: ${over}`],
  [{ in: "log", do: ["close"] }, `close was refused in onLog: ${over}`],
  [{ in: "done", do: ["respond"] }, `a local reply was refused in onDone: ${over}`],
  [{ in: "done", do: ["close"] }, `close was refused in onDone: ${over}`],
  [{ in: "log", do: ["resume_request"] }, `resumeRequest was refused in onLog: ${over}`],
  [{ in: "done", do: ["resume_response"] }, `resumeResponse was refused in onDone: ${over}`],
  [{ in: "request_headers", do: ["resume_response"] }, `resumeResponse was refused in onRequestHeaders: ${notPaused("response")}`],
  [{ in: "request_trailers", do: ["resume_response"] }, `resumeResponse was refused in onRequestTrailers: ${notPaused("response")}`],
  [{ in: "response_headers", do: ["resume_request"] }, `resumeRequest was refused in onResponseHeaders: ${notPaused("request")}`],
  [{ in: "response_headers", do: ["respond", "respond"] }, `a local reply was refused in onResponseHeaders: ${answered}`],
  [{ in: "response_headers", do: ["respond", "close"] }, `close was refused in onResponseHeaders: ${answered}`],
];

/** The same by what comes later, where each paused callback names its own refusal. */
const pause = true;
// A table: one line a call.
// prettier-ignore
const byLater: Array<[steer: Steer, what: string]> = [
  [{ in: "request_headers", do: ["resume_response", "resume_request"], pause }, `resumeResponse was refused: ${notPaused("response")}`],
  [{ in: "request_headers", do: ["resume_request", "resume_response"], pause }, `resumeResponse was refused: ${resumed}`],
  [{ in: "request_headers", do: ["resume_request", "resume_request"], pause }, `resumeRequest was refused: ${resumed}`],
  [{ in: "request_headers", do: ["resume_request", "respond"], pause }, `a local reply was refused: ${resumed}`],
  [{ in: "request_headers", do: ["respond", "respond"], pause }, `a local reply was refused: ${answered}`],
  [{ in: "request_headers", do: ["respond", "resume_request"], pause }, `resumeRequest was refused: ${answered}`],
  [{ in: "request_headers", do: ["respond", "resume_response"], pause }, `resumeResponse was refused: ${answered}`],
  [{ in: "response_headers", do: ["respond", "respond"], pause }, `a local reply was refused: ${answered}`],
  [{ in: "response_headers", do: ["respond", "close"], pause }, `close was refused: ${answered}`],
  [{ in: "response_headers", do: ["respond", "resume_response"], pause }, `resumeResponse was refused: ${answered}`],
  [{ in: "response_headers", do: ["resume_request", "resume_response"], pause }, `resumeRequest was refused: ${notPaused("request")}`],
  [{ in: "response_headers", do: ["resume_response", "resume_response"], pause }, `resumeResponse was refused: ${resumed}`],
  [{ in: "response_trailers", do: ["resume_response", "respond"], pause }, `a local reply was refused: ${resumed}`],
  [{ in: "response_trailers", do: ["resume_response", "close"], pause }, `close was refused: ${resumed}`],
];

/** The stream is over when its turn comes: what belongs to the plugin comes all the same. */
// A table: one line a call.
// prettier-ignore
const tooLate: Array<[steer: Steer, what: string]> = [
  [{ in: "response_headers", do: ["respond"] }, "a local reply was refused: the stream is gone: forget it in onDone"],
  [{ in: "response_headers", do: ["close"] }, "close was refused: the stream is gone: forget it in onDone"],
  [{ in: "response_headers", do: ["resume_request"] }, "resumeRequest was refused: the stream is gone: forget it in onDone"],
  [{ in: "response_headers", do: ["resume_response"] }, "resumeResponse was refused: the stream is gone: forget it in onDone"],
];

const belated = ["plugin_callout", "plugin_timer"];

const place = (by: string): string => {
  if (by.endsWith("callout")) return "onResult of a callout";
  return by === "queue" ? "onMessage of a queue's reader" : "onTime of a timer";
};
const inPlace = (by: string, line: string): string => line.replace("refused:", `refused in ${place(by)}:`);

const refusals = [
  ...inCallback,
  ...unsent.flatMap((by) => inCallback.map(([steer, line]) => [{ ...steer, by }, line] as [Steer, string])),
  ...later.flatMap((by) =>
    byLater.map(([steer, line]) => [{ ...steer, by }, inPlace(by, line)] as [Steer, string]),
  ),
  ...belated.flatMap((by) =>
    tooLate.map(([steer, line]) => [{ ...steer, by, after_ms: 300 }, inPlace(by, line)] as [Steer, string]),
  ),
];
const tried = backend === "embedded" ? refusals : sampled(refusals);

test.for(tried)("%j is refused with one line, and the proxy lives", async ([steer, line], { envoys }) => {
  const [upstream, service] = [new Upstream(), new Upstream()];
  upstream.respond(messageFor("response_trailers"));
  const areOver = Promise.withResolvers<object>();
  service.respond(steer.pause === true ? { delayMs: 5 } : () => areOver.promise);
  await using proxy = await startProxy({
    ...inProject(envoys),
    upstream,
    clusters: { service },
    chain: [{ filter: guest("steers"), configuration: steer }],
  });
  const errors = async (): Promise<string[]> => {
    await proxy.settled();
    return errorsOf(proxy);
  };

  for (let i = 0; i < 3; i++) await proxy.request({ method: "POST", ...messageFor("request_trailers") });
  areOver.resolve({});
  if (backend === "embedded") await proxy.clock.advance(300);
  await expect.poll(errors, { interval: 5 }).toEqual([line]);

  expect(proxy.accessLog).toHaveLength(3);
  expect(proxy.traps).toEqual([]);
});

for (const by of ["callout", "timer"]) {
  test(`what a stream awaits of its ${by} does not come once it is over`, async ({ envoys }) => {
    const service = new Upstream();
    const isOver = Promise.withResolvers<object>();
    service.respond(() => isOver.promise);
    const configuration = { in: "response_headers", do: ["close"], by, after_ms: 300 };
    await using proxy = await startProxy({
      ...inProject(envoys),
      clusters: { service },
      chain: [{ filter: guest("steers"), configuration }],
    });
    const callback = by === "callout" ? "proxy_on_http_call_response" : "proxy_on_tick";
    const calls = async (): Promise<number> => {
      await proxy.settled();
      return proxy.transcript.filter(({ name }) => name === callback).length;
    };

    expect(await proxy.get("/")).toHaveStatus(200);
    isOver.resolve({});
    if (backend === "embedded") await proxy.clock.advance(300);
    await expect.poll(calls, { interval: 5 }).toBeGreaterThanOrEqual(1);

    expect(proxy.logs.map(({ message }) => message)).toEqual(["it steers"]);
  });
}
