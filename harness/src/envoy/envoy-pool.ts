import { Envoy } from "./envoy.ts";
import type { EnvoyOptions } from "./envoy-parts.ts";
import { EnvoyLease, type EnvoyUse } from "./envoy-lease.ts";
import type { Isolation } from "./isolation.ts";

const idleLimit = 2;

interface Idle {
  readonly key: string;
  readonly envoy: Envoy;
}

/**
 * Envoys that serve one proxy after the other: only the first waits for a process.
 *
 * @category Envoy and errors
 */
export class EnvoyPool implements AsyncDisposable {
  /** The one that was used last stands last. */
  private readonly idle: Idle[] = [];

  /**
   * An Envoy that was started with such options and that nobody uses, or a new one. Refused as `Envoy.start` is, and as
   * `EnvoyLease.begin`.
   */
  async lease(options: EnvoyOptions, isolation: Isolation, use: EnvoyUse): Promise<EnvoyLease> {
    const key = keyOf(options);
    for (;;) {
      const idle = this.take(key);
      const envoy = idle ?? (await Envoy.start(options));
      const lease = new EnvoyLease(envoy, isolation, (returned) => this.put({ key, envoy: returned }));
      if ((await lease.begin(use)) || idle === null) return lease;
      await envoy[Symbol.asyncDispose]();
    }
  }

  /** Ends all that nobody uses. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.idle.splice(0).map(({ envoy }) => envoy[Symbol.asyncDispose]()));
  }

  private take(key: string): Envoy | null {
    const at = this.idle.findLastIndex((idle) => idle.key === key && idle.envoy.process.isRunning);
    return at < 0 ? null : (this.idle.splice(at, 1)[0]?.envoy ?? null);
  }

  private async put(idle: Idle): Promise<void> {
    this.idle.push(idle);
    if (this.idle.length > idleLimit) await this.idle.shift()?.envoy[Symbol.asyncDispose]();
  }
}

/** What cannot be changed while Envoy runs. */
function keyOf({ site, concurrency, setup }: EnvoyOptions): string {
  return JSON.stringify([site.key, concurrency, setup.statsTags]);
}
