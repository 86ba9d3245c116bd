import type { StartedTestContainer } from "testcontainers";
import type { LogEntry } from "../observation.ts";
import type { ContainerOutput } from "./container-output.ts";
import { urlOn } from "./engine-address.ts";
import { loadTestcontainers } from "./testcontainers.ts";

const { AbstractStartedContainer } = await loadTestcontainers();

/** Where Envoy's admin interface listens in the container, whatever its configuration says. */
export const adminPort = 9901;

/** What a started container has beside testcontainers' own. */
export interface StartedParts {
  readonly output: ContainerOutput;
  /** Removes the container when this process ends. */
  readonly guard: Disposable | null;
  /** It goes on when it is disposed of. */
  readonly isReused: boolean;
}

/**
 * An Envoy that serves in a container. Dispose of it with `await using`, which removes the container.
 *
 * @category Containers
 */
export class StartedEnvoyContainer extends AbstractStartedContainer {
  private readonly parts: StartedParts;

  /** @internal */
  constructor(started: StartedTestContainer, parts: StartedParts) {
    super(started);
    this.parts = parts;
  }

  /** What Envoy says, for backends. @internal */
  get output(): ContainerOutput {
    return this.parts.output;
  }

  /** `http://127.0.0.1:32768`, without a slash at the end: Envoy's admin interface. */
  get adminUrl(): string {
    return this.urlOf(adminPort);
  }

  /** The same for a port on which a listener listens in the container. */
  listenerUrl(port: number): string {
    return this.urlOf(port);
  }

  /** What the filters logged so far. */
  get filterLogs(): readonly LogEntry[] {
    return [...this.output.log.entries];
  }

  /** Removes the container; one that is to be reused goes on. */
  override async [Symbol.asyncDispose](): Promise<void> {
    if (this.parts.isReused) this.output.close();
    else await this.stop();
  }

  protected override async containerStopped(): Promise<void> {
    this.output.close();
    this.parts.guard?.[Symbol.dispose]();
  }

  private urlOf(port: number): string {
    return urlOn(this.getHost(), this.getMappedPort(port));
  }
}
