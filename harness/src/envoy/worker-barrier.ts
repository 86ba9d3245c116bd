import http from "node:http";
import { HarnessError } from "../errors.ts";
import { barrierListener } from "../own-names.ts";
import type { Admin } from "./admin.ts";
import { getText } from "./get-text.ts";
import type { Address } from "./supervised-envoy.ts";

/**
 * One kept connection into each worker thread. A worker is a single event loop, which deletes a stream before it
 * takes the next event: a request that is sent after a stream was logged, and answered by the same worker, proves
 * that the stream's `proxy_on_delete` has run.
 */
export class WorkerBarrier implements Disposable {
  private readonly address: Address;
  private readonly agents: readonly http.Agent[];

  private constructor(address: Address, workers: number) {
    this.address = address;
    this.agents = Array.from({ length: workers }, () => new http.Agent({ keepAlive: true, maxSockets: 1 }));
  }

  /** Connects to every worker through the barrier's listener; `exact_balance` on the listener spreads the connections. */
  static async open(address: Address, admin: Admin, workers: number): Promise<WorkerBarrier> {
    const barrier = new WorkerBarrier(address, workers);
    await barrier.pass();
    if (workers > 1) await refuseUneven(admin, workers);
    return barrier;
  }

  async pass(): Promise<void> {
    const { host: hostname, port } = this.address;
    await Promise.all(this.agents.map((agent) => getText({ hostname, port, path: "/", agent })));
  }

  [Symbol.dispose](): void {
    for (const agent of this.agents) agent.destroy();
  }
}

async function refuseUneven(admin: Admin, workers: number): Promise<void> {
  const perWorker = await admin.metrics(
    `^listener\\.${barrierListener}\\.worker_\\d+\\.downstream_cx_active$`,
  );
  const connections = [...perWorker.values()];
  if (connections.length === workers && connections.every((count) => count === 1n)) return;
  const seen = connections.join(", ");
  throw new HarnessError("internal", `${workers} connections for ${workers} workers were spread as ${seen}`);
}
