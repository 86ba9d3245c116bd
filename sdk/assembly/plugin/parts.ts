/**
 * What a plugin has beside its configuration: timers, queues, shared data. Made when it is first asked for, so that a
 * module contains the kinds that its filters use.
 */
export abstract class PluginPart {
  /** For the SDK: the part that was made before it. @internal */
  nextPart: PluginPart | null = null;
}

/** The parts of one plugin, one of each kind. */
export class PluginParts {
  private latest: PluginPart | null = null;

  /** The part of this kind; null when there is none yet. */
  find<T extends PluginPart>(): T | null {
    let part = this.latest;
    while (part !== null && !(part instanceof T)) part = part.nextPart;
    return changetype<T | null>(part);
  }

  /** The part of this kind, made without arguments when there is none yet. */
  get<T extends PluginPart>(): T {
    const known = this.find<T>();
    return known !== null ? known : this.add<T>(instantiate<T>());
  }

  /** Keeps a part of a kind that there is none of yet. */
  add<T extends PluginPart>(part: T): T {
    part.nextPart = this.latest;
    this.latest = part;
    return part;
  }
}
