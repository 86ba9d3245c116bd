import type { Scenario } from "../backend.ts";
import type { Admin } from "./admin.ts";
import type { EnvoyProcess } from "./envoy-process.ts";
import { refusal } from "./refusal.ts";

const stats = "^listener_manager\\.(lds\\.update_(success|rejected)|total_\\w+_draining|workers_started)$";

interface Updates {
  readonly taken: bigint;
  readonly rejected: bigint;
  /** Nothing that an update replaced is left, and all workers have what they are to have. */
  readonly isComplete: boolean;
}

/** What Envoy makes of the listeners that it is given over LDS. */
export class ListenerUpdates {
  private readonly admin: Admin;
  private readonly process: EnvoyProcess;
  private seen: Pick<Updates, "taken" | "rejected"> = { taken: 0n, rejected: 0n };

  constructor(admin: Admin, process: EnvoyProcess) {
    this.admin = admin;
    this.process = process;
  }

  /** Waits until the next update has taken effect. Refused with `configuration_refused` when Envoy rejects it. */
  async next(scenario: Pick<Scenario, "plugins" | "envoy">): Promise<void> {
    const before = this.seen;
    for (;;) {
      const now = await this.read();
      this.seen = now;
      if (now.rejected > before.rejected) throw await this.refusal(scenario);
      if (now.taken > before.taken && now.isComplete) return;
    }
  }

  private async refusal(scenario: Pick<Scenario, "plugins" | "envoy">): Promise<Error> {
    await this.admin.catchUp();
    const error = refusal(this.process.log, 1, scenario);
    this.process.log.problems.length = 0;
    return error;
  }

  private async read(): Promise<Updates> {
    const metrics = await this.admin.metrics(stats);
    const count = (name: string): bigint => metrics.get(`listener_manager.${name}`) ?? 0n;
    return {
      taken: count("lds.update_success"),
      rejected: count("lds.update_rejected"),
      isComplete:
        count("workers_started") === 1n &&
        count("total_filter_chains_draining") === 0n &&
        count("total_listeners_draining") === 0n,
    };
  }
}
