import {
  GrpcUpstream,
  startProxy,
  Upstream,
  type PluginOptions,
  type StartedProxy,
} from "proxy-wasm-harness";
import { expect } from "vitest";
import { called, readable } from "../harness/parity.ts";
import type { Prepare, ServiceScenario, Where } from "./play.ts";
import { step } from "./flows/step.ts";

/** What a service says when nothing more is to come of it. */
export const over = step("proxy_log", 2, "it is over");

/** Longer than any of what a service waits for in a scenario. */
const stepMs = 20;
const steps = 10;

/** Lets a plugin run as a service, until it says that it is over, and then stops Envoy. */
export async function serve(
  where: Where,
  { service: answer, greeter: greeting }: ServiceScenario,
  { plugins, prepare }: { plugins: readonly PluginOptions[]; prepare: Prepare | undefined },
) {
  const [service, greeter] = [new Upstream(), new GrpcUpstream()];
  if (answer !== undefined) service.respond(answer);
  greeting?.(greeter);
  await using proxy = await startProxy({
    ...where,
    chain: [],
    services: plugins.map((plugin) => ({ ...plugin, singleton: true })),
    clusters: { service },
    grpcClusters: { greeter },
    allowTraps: true,
  });
  prepare?.(proxy);
  await (where.backend === "embedded"
    ? pass(proxy)
    : expect.poll(() => isOver(proxy), { interval: 5 }).toBe(true));
  await proxy.stop();
  return {
    service: service.requests.map(readable),
    greeter: greeter.calls.map(called),
    traps: proxy.traps.map(({ callback, reason }) => [callback, reason]),
    logs: linesOf(proxy),
  };
}

/** Time is virtual, and what a mutation has changed may never be over. */
async function pass(proxy: StartedProxy): Promise<void> {
  for (let i = 0; i < steps && !(await isOver(proxy)); i++) await proxy.clock.advance(stepMs);
}

async function isOver(proxy: StartedProxy): Promise<boolean> {
  await proxy.settled();
  return linesOf(proxy).some((line) => line.endsWith("it is over"));
}

function linesOf(proxy: StartedProxy): string[] {
  return [...proxy.startLogs, ...proxy.logs].map(({ level, message }) => `${level} ${message}`);
}
