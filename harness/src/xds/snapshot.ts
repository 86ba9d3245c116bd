import type { Resource } from "./resource.ts";

/**
 * By what a resource is found.
 *
 * @category Configure Envoy
 */
export interface ResourceKey {
  /** `type.googleapis.com/envoy.config.listener.v3.Listener` */
  readonly typeUrl: string;
  /** Unique among those of its type. */
  readonly name: string;
}

/**
 * All that is served at one time; a change makes another snapshot.
 *
 * @category Configure Envoy
 */
export class Snapshot implements Iterable<Resource> {
  private readonly types: ReadonlyMap<string, ReadonlyMap<string, Resource>>;

  constructor(types: ReadonlyMap<string, ReadonlyMap<string, Resource>> = new Map()) {
    this.types = types;
  }

  /** Null when there is none. */
  get({ typeUrl, name }: ResourceKey): Resource | null {
    return this.types.get(typeUrl)?.get(name) ?? null;
  }

  /** The resources of a type, by name. */
  ofType(typeUrl: string): ReadonlyMap<string, Resource> {
    return this.types.get(typeUrl) ?? new Map();
  }

  /** With these added, or in the place of those of the same name. */
  with(resources: readonly Resource[]): Snapshot {
    const types = new Map(this.types);
    for (const [typeUrl, added] of Map.groupBy(resources, (one) => one.typeUrl)) {
      types.set(typeUrl, new Map([...this.ofType(typeUrl), ...added.map((one) => [one.name, one] as const)]));
    }
    return new Snapshot(types);
  }

  /** Without these. */
  without(keys: readonly ResourceKey[]): Snapshot {
    const types = new Map(this.types);
    for (const [typeUrl, removed] of Map.groupBy(keys, (one) => one.typeUrl)) {
      const names = new Set(removed.map(({ name }) => name));
      types.set(typeUrl, new Map([...this.ofType(typeUrl)].filter(([name]) => !names.has(name))));
    }
    return new Snapshot(types);
  }

  /** All resources, type by type. */
  *[Symbol.iterator](): Iterator<Resource> {
    for (const resources of this.types.values()) yield* resources.values();
  }
}
