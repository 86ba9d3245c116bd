import type { EnvoyPool, PluginOptions, ProxyOptions, StartedProxy } from "proxy-wasm-harness";
import { guest } from "../guests/guest.ts";
import { everythingSeen, type Exchange } from "../harness/parity.ts";
import { converse, type Conversation } from "./conversation.ts";
import { hasMetadata } from "./metadata/has-metadata.ts";
import { overHttp2 } from "./metadata/over-http2.ts";
import type { PlayerName } from "./player.ts";
import { assembled, type Assembled, type Program } from "./program.ts";
import { readable } from "./said.ts";
import { serve } from "./serving.ts";

/** A plugin that plays a program. */
export interface Played {
  readonly program: Program;
  /** The module. Default `plays`. */
  readonly player?: PlayerName;
  /** Players of one module and vm_id share a VM. Default "". */
  readonly vmId?: string;
}

interface Plugins extends Played {
  /** The filters behind it in the chain. */
  readonly behind?: readonly Played[];
}

/** What plugins do while a request passes them, and what else there is. */
export interface StreamScenario
  extends Plugins, Pick<Exchange, "request" | "response" | "service" | "greeter"> {
  /** The access loggers. */
  readonly loggers?: readonly Played[];
  /** When the stream is over, another filter takes the place of the plugins, which end. */
  readonly ends?: boolean;
}

/** What network filters do while a client and an upstream converse. */
export interface ConnectionScenario extends Plugins, Conversation {}

/** What a plugin does as a service of Envoy's own, on its main thread alone. */
export interface ServiceScenario extends Plugins, Pick<Exchange, "service" | "greeter"> {
  readonly serves: true;
}

export type Scenario = StreamScenario | ConnectionScenario | ServiceScenario;

/** Where a scenario is played. */
export type Where = Pick<ProxyOptions, "backend" | "envoy">;

export const embedded: Where = { backend: "embedded" };

/** A real Envoy of the pool. */
export function realEnvoy(pool: EnvoyPool): Where {
  return { backend: "envoy", envoy: { pool } };
}

/** What may be done to a proxy before it is used. */
export type Prepare = (proxy: Pick<StartedProxy, "faults" | "transcript">) => void;

/** All who play in a scenario, by the numbers that they log. */
export function playersOf(scenario: Scenario): Played[] {
  const loggers = "loggers" in scenario ? (scenario.loggers ?? []) : [];
  return [scenario, ...(scenario.behind ?? []), ...loggers];
}

/**
 * Plays a scenario: everything that can be seen of it. What crosses the ABI is told by the guest, which knows what the host
 * answers: Envoy's own trace does not. `prepare` may do something to the proxy before.
 */
export async function play(where: Where, scenario: Scenario, prepare?: Prepare) {
  const players = playersOf(scenario);
  const programs = players.map(({ program }, player) => assembled(program, player));
  const plugins = players.map((played, i) => pluginOf(played, programs[i], players.length > 1 ? i : null));
  const { logs, ...seen } = await seenOf(where, scenario, { plugins, prepare });
  const said = readable(
    logs,
    programs.map(({ steps }) => steps),
  );
  return { ...seen, said };
}

interface Playing {
  readonly plugins: readonly PluginOptions[];
  readonly prepare: Prepare | undefined;
}

async function seenOf(where: Where, scenario: Scenario, { plugins, prepare }: Playing) {
  if ("turns" in scenario) return converse(where, { chain: plugins, conversation: scenario, prepare });
  if ("serves" in scenario) return serve(where, scenario, { plugins, prepare });
  return stream(where, scenario, { plugins, prepare });
}

/** The VM of a plugin knows the program, too, when something is done before the plugin is configured. */
function pluginOf(played: Played, assembly: Assembled | undefined, number: number | null): PluginOptions {
  const { program, player = "plays", vmId = "" } = played;
  const isEarly = "proxy_on_vm_start" in program || "proxy_on_context_create of the plugin" in program;
  return {
    filter: guest(player),
    ...(number === null ? {} : { name: `player-${number}` }),
    vmId,
    configuration: assembly?.bytes,
    vmConfiguration: isEarly ? assembly?.bytes : undefined,
  };
}

async function stream(where: Where, scenario: StreamScenario, { plugins, prepare }: Playing) {
  if (where.backend !== "embedded" && hasMetadata(scenario)) return overHttp2(where, scenario, plugins);
  const { player, behind = [], ends = false } = scenario;
  const [first, ...others] = plugins;
  const { logs, received, upstream, service, greeter, accessLog, counters, sizes } = await everythingSeen(
    where,
    {
      ...scenario,
      filter: guest(player ?? "plays"),
      ...first,
      behind: others.slice(0, behind.length),
      accessLoggers: others.slice(behind.length),
      allowTraps: true,
      prepare,
      finish: ends ? (proxy) => proxy.update({ chain: [{ filter: guest("empty") }] }) : undefined,
    },
  );
  return { logs, received, upstream, service, greeter, accessLog, counters, sizes };
}
