import type { Moment } from "../abi.ts";
import type { StreamScenario } from "../play.ts";
import type { Program, Step } from "../program.ts";
import { asking } from "./connections.ts";
import type { Place } from "./place.ts";
import { exchange, resume } from "./streams.ts";

const held = 4;
/** Nobody else's: the numbers of queues are those of the process. */
const keep = 20;
const token = { slot: keep };

/** What a request that is held begins, so that a callback of the plugin comes and lets it go on. */
interface Begun {
  readonly begin: readonly Step[];
  /** What is done in the callback before anything else. */
  readonly first?: readonly Step[];
}

const stream: Begun = {
  begin: [
    { call: "proxy_grpc_stream", with: ["greeter", "pkg.Greeter", "Chat", [["x-sent", "1"]]], keep },
    { call: "proxy_grpc_send", with: [token, "a message", 1] },
  ],
};

const begun = {
  proxy_on_tick: {
    begin: [{ call: "proxy_set_tick_period_milliseconds", with: [5] }],
    first: [{ call: "proxy_set_tick_period_milliseconds", with: [0] }],
  },
  proxy_on_queue_ready: {
    begin: [
      { call: "proxy_register_shared_queue", with: ["queue"], keep },
      { call: "proxy_enqueue_shared_queue", with: [token, "one"] },
    ],
    first: [{ call: "proxy_dequeue_shared_queue", with: [token] }],
  },
  proxy_on_http_call_response: { begin: [asking] },
  proxy_on_grpc_receive_initial_metadata: stream,
  proxy_on_grpc_receive: stream,
  proxy_on_grpc_receive_trailing_metadata: stream,
  proxy_on_grpc_close: stream,
} as const satisfies Partial<Record<Moment, Begun>>;

/** The callbacks of a plugin that come because a stream has begun something. */
export type BegunMoment = keyof typeof begun;
export const begunMoments = Object.keys(begun) as readonly BegunMoment[];

/** A program whose request waits for the plugin's callback, in which this is done. */
export function waiting(moment: BegunMoment, steps: readonly Step[]): Program {
  const { begin, first = [] }: Begun = begun[moment];
  const does = [...first, ...steps];
  const program: Program = { proxy_on_request_headers: { steps: begin, returns: held } };
  if (begun[moment] !== stream || moment === "proxy_on_grpc_close")
    return { ...program, [moment]: { steps: [...does, ...resume] } };
  return { ...program, [moment]: { steps: does }, proxy_on_grpc_close: { steps: resume } };
}

/** What the service of a stream over gRPC answers. */
export const greeted = {
  greeter: (service) =>
    service.unary("/pkg.Greeter/Chat", {
      message: "answer",
      initialMetadata: { "x-a": "1" },
      metadata: { "x-b": "2" },
    }),
} satisfies Pick<StreamScenario, "greeter">;

/** They name the numbers of what is going on, and end it. */
const ofGrpc = ["gRPC that is refused"];

/** But for the one that is a place of streams. */
const places = begunMoments.filter((moment) => moment !== "proxy_on_http_call_response");

const inCallbacks: readonly Place[] = places.map((moment) => ({
  name: moment,
  scenario: (steps) => ({ ...exchange, ...greeted, program: waiting(moment, steps) }),
  ...(begun[moment] === stream ? { without: ofGrpc } : {}),
}));

/** Envoy starts a plugin in several VMs, which share data and metrics. */
const atStart: readonly Place[] = (
  [
    "proxy_on_context_create of the plugin",
    "proxy_on_vm_start",
    "proxy_on_configure",
  ] as const satisfies readonly Moment[]
).map((moment) => ({
  name: moment,
  scenario: (steps) => ({ ...exchange, program: { [moment]: { steps, returns: 1 } } }),
  without: ["shared data", "metrics"],
}));

const atEnd: readonly Place[] = (
  ["proxy_on_done of the plugin", "proxy_on_delete of the plugin"] as const satisfies readonly Moment[]
).map((moment) => ({
  name: moment,
  scenario: (steps) => ({ ...exchange, program: { [moment]: { steps, returns: 1 } }, ends: true }),
}));

const inLogger: Place = {
  name: "proxy_on_log of the plugin",
  scenario: (steps) => ({
    ...exchange,
    program: {},
    loggers: [{ program: { "proxy_on_log of the plugin": { steps } }, vmId: "logs" }],
  }),
};

/** In the callbacks of a plugin. */
export const ofPlugins: readonly Place[] = [...inCallbacks, ...atStart, ...atEnd, inLogger];
