import type { EnvoyPool, ProxyOptions, StartedProxy } from "proxy-wasm-harness";
import { guest } from "../guests/guest.ts";
import { everythingSeen, type Exchange } from "../harness/parity.ts";
import { assembled, type Program } from "./program.ts";
import { readable } from "./said.ts";

/** What a guest does while a request passes it, and what else there is. */
export interface Scenario extends Omit<Exchange, "filter" | "configuration"> {
  readonly program: Program;
}

/** Where a scenario is played. */
export type Where = Pick<ProxyOptions, "backend" | "envoy">;

export const embedded: Where = { backend: "embedded" };

/** A real Envoy of the pool. */
export function realEnvoy(pool: EnvoyPool): Where {
  return { backend: "envoy", envoy: { pool } };
}

/**
 * Plays a scenario: everything that can be seen of it. What crosses the ABI is told by the guest, which knows what the host
 * answers: Envoy's own trace does not. `prepare` may do something to the proxy before.
 */
export async function play(
  where: Where,
  { program, ...exchange }: Scenario,
  prepare?: (proxy: StartedProxy) => void,
) {
  const { bytes, steps } = assembled(program);
  const { logs, received, upstream, service, greeter, accessLog, counters, sizes } = await everythingSeen(
    where,
    {
      ...exchange,
      allowTraps: true,
      prepare,
      filter: guest("plays"),
      configuration: bytes,
    },
  );
  const said = readable(logs, steps);
  return { received, upstream, service, greeter, accessLog, counters, sizes, said };
}
