import { begunMoments, greeted, waiting, type BegunMoment } from "../places/plugins.ts";
import type { ServiceScenario } from "../play.ts";
import type { Part, Program, Step } from "../program.ts";
import { probes } from "../probes.ts";
import { over } from "../serving.ts";
import { ask, step, type Titled } from "./step.ts";

const tick = (periodMs: number): Step => step("proxy_set_tick_period_milliseconds", periodMs);
const starts: Program = { proxy_on_configure: { steps: [tick(5)], returns: 1 } };

/** A service with these parts, which does nothing before its first tick. */
function serving(program: Program): ServiceScenario {
  return {
    ...greeted,
    player: "plays-as-service",
    serves: true,
    service: { headers: { "x-up": "called" }, body: "answer", trailers: { "x-sum": "called" } },
    program: { ...starts, ...program },
  };
}

/** What a service waits for is begun by its first tick, and its last callback says that it is over. */
function awaiting(moment: BegunMoment, steps: readonly Step[]): Program {
  const { proxy_on_request_headers: begin, ...program } = waiting(moment, steps);
  const { steps: begins = [] } = begin as Part;
  if (moment === "proxy_on_tick") return { proxy_on_tick: { steps: [tick(0), ...steps, over] } };
  const last = moment.includes("grpc") ? "proxy_on_grpc_close" : moment;
  const end = program[last] as Part;
  return {
    ...program,
    proxy_on_tick: { steps: [tick(0), ...begins] },
    [last]: { ...end, steps: [...end.steps, over] },
  };
}

function without(chapters: RegExp): readonly Step[] {
  return Object.entries(probes).flatMap(([what, steps]) => (chapters.test(what) ? [] : steps));
}

/** They name the numbers of what is going on, and end it. */
const all = without(/gRPC that is refused/);
/** Envoy starts a service twice, and throws the first away: what both say and keep is left out. */
const atStart = without(/shared data|metrics|gRPC that is refused|logging|WASI/);
/** Envoy ends by a call when it stops. */
const atEnd = without(/calls that are refused|gRPC that is refused/);

const probed: readonly Titled[] = begunMoments.map((moment): Titled => [
  `everything in ${moment} of a service`,
  serving(awaiting(moment, moment === "proxy_on_tick" ? Object.values(probes).flat() : all)),
]);

const ticks: Program = { proxy_on_tick: { steps: [tick(0), over] } };

const started: readonly Titled[] = (
  [
    "proxy_on_context_create of the plugin",
    "proxy_on_vm_start",
    "proxy_on_configure",
    "proxy_on_done of the plugin",
    "proxy_on_delete of the plugin",
  ] as const
).map((moment): Titled => [
  `everything in ${moment} of a service`,
  serving({
    ...ticks,
    [moment]: {
      steps: /done|delete/.test(moment)
        ? atEnd
        : [...atStart, ...(/configure/.test(moment) ? [tick(5)] : [])],
      returns: 1,
    },
  }),
]);

/** Services. */
export const served: readonly Titled[] = [
  ...[...probed, ...started],
  ["a service that ticks twice", serving({ proxy_on_tick: [{ steps: [] }, { steps: [tick(0), over] }] })],
  [
    "a service that puts its end off",
    serving({
      ...ticks,
      "proxy_on_done of the plugin": { steps: [step("proxy_done")], returns: 0 },
    }),
  ],
  [
    "a service that asks two services",
    serving({
      proxy_on_tick: { steps: [tick(0), { ...ask(), keep: 1 }, { ...ask(), keep: 2 }] },
      proxy_on_http_call_response: [{ steps: [] }, { steps: [over] }],
    }),
  ],
];
