import { HarnessError } from "../errors.ts";

const all = [10_000, 10_001, 10_002, 10_003];

/** The ports that a container publishes for its listeners, because they have to be known when it starts. */
export class ExposedPorts {
  static readonly all: readonly number[] = all;
  private readonly taken = new Map<string, number>();

  /** A listener's port, the same each time it is asked for. Refused with `unsupported` when there is none left. */
  for(listener: string): number {
    const others = new Set(this.taken.values());
    const port = this.taken.get(listener) ?? all.find((one) => !others.has(one));
    if (port === undefined)
      throw new HarnessError(
        "unsupported",
        `listener "${listener}" has no port that this container publishes: there are ${all.length}, ` +
          `for ${[...this.taken.keys()].join(", ")}`,
      );
    this.taken.set(listener, port);
    return port;
  }

  /** Frees the ports of all listeners but these. */
  keep(listeners: ReadonlySet<string>): void {
    for (const name of this.taken.keys()) if (!listeners.has(name)) this.taken.delete(name);
  }
}
