import type { StartedTestContainer } from "testcontainers";
import type { LogEntry } from "../observation.ts";
import type { ContainerOutput } from "./container-output.ts";
import { loadTestcontainers } from "./testcontainers.ts";

const { AbstractStartedContainer } = await loadTestcontainers();

/** Where Envoy's admin interface listens in the container, whatever its configuration says. */
export const adminPort = 9901;

/** An Envoy that serves in a container. Dispose of it with `await using`, which removes the container. */
export class StartedEnvoyContainer extends AbstractStartedContainer {
  /** What Envoy says, for backends. @internal */
  readonly output: ContainerOutput;
  private readonly isReused: boolean;

  /** @internal */
  constructor(started: StartedTestContainer, parts: { output: ContainerOutput; isReused: boolean }) {
    super(started);
    this.output = parts.output;
    this.isReused = parts.isReused;
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
    if (this.isReused) this.output.close();
    else await this.stop();
  }

  protected override async containerStopped(): Promise<void> {
    this.output.close();
  }

  private urlOf(port: number): string {
    const host = this.getHost();
    return `http://${host === "localhost" ? "127.0.0.1" : host}:${this.getMappedPort(port)}`;
  }
}
