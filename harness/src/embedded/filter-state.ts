import type { GuestContext } from "./context.ts";
import type { PropertyValue } from "./property-values.ts";

/** How long something is kept, as Envoy counts it: a request that is sent once more keeps what is its own. */
export const LifeSpan = { FilterChain: 0, Request: 1, Connection: 2 } as const;
export type LifeSpan = (typeof LifeSpan)[keyof typeof LifeSpan];

/** The life span of a number that a filter says; every other one is that of the chain of filters. */
export function lifeSpanOf(number: unknown): LifeSpan {
  return number === LifeSpan.Request || number === LifeSpan.Connection ? number : LifeSpan.FilterChain;
}

/** What `declare_property` says of a property, as far as it can be seen. */
export interface Declaration {
  /** It is set once. */
  readonly isReadOnly: boolean;
  /** It is of protobuf or of FlatBuffers: `filter_state` has a message, which cannot be handed over. */
  readonly isMessage: boolean;
  readonly span: LifeSpan;
}

/** What stands under a name. */
export interface StoredObject {
  /** What a filter reads; null where there is no form for it. */
  readonly value: PropertyValue | null;
  /** What it reads by one more name. */
  readonly parts?: Readonly<Record<string, PropertyValue>>;
}

interface Stored extends StoredObject {
  /** Null for what is no property. */
  readonly declared: Omit<Declaration, "span"> | null;
}

/** How a property is stored of which nothing was said. */
const bytes: Declaration = { isReadOnly: false, isMessage: false, span: LifeSpan.FilterChain };

/**
 * What filters store beside a stream or a connection, by name: in one table for each life span, that of a stream before
 * that of its connection. Source: Envoy, `stream_info/filter_state_impl.cc`.
 */
export class FilterState {
  private readonly span: LifeSpan;
  private readonly longer: FilterState | null;
  private readonly stored = new Map<string, Stored>();

  private constructor(span: LifeSpan, longer: FilterState | null) {
    this.span = span;
    this.longer = longer;
  }

  static ofConnection(): FilterState {
    return new FilterState(LifeSpan.Connection, null);
  }

  /** That of a stream on a connection with that state. */
  static ofStream(connection: FilterState): FilterState {
    return new FilterState(LifeSpan.FilterChain, new FilterState(LifeSpan.Request, connection));
  }

  /** Null when there is nothing of this name. */
  get(name: string): StoredObject | null {
    return this.find(name);
  }

  /** Whether its value was declared to be a message. */
  isMessage(name: string): boolean {
    return this.find(name)?.declared?.isMessage === true;
  }

  /** False when it has a value, and is read-only; how it was declared when it was set first stands. */
  setProperty(name: string, value: Uint8Array, declaration: Declaration | null): boolean {
    const holder = this.holderOf(name);
    const before = holder?.stored.get(name)?.declared ?? null;
    if (before?.isReadOnly === true) return false;
    if (holder !== null) holder.stored.set(name, { value, declared: before });
    else this.add(name, { value, declared: declaration ?? bytes }, declaration?.span ?? bytes.span);
    return true;
  }

  /** Stores an object, unless one of this name is kept for another span: then that one stays, as in Envoy. */
  set(name: string, object: StoredObject, span: LifeSpan): void {
    this.add(name, { ...object, declared: null }, span);
  }

  private find(name: string): Stored | null {
    return this.holderOf(name)?.stored.get(name) ?? null;
  }

  private holderOf(name: string): FilterState | null {
    return this.stored.has(name) ? this : (this.longer?.holderOf(name) ?? null);
  }

  private add(name: string, stored: Stored, span: LifeSpan): void {
    const holder = this.holderOf(name);
    if (span > this.span && this.longer !== null) {
      if (holder !== this) this.longer.add(name, stored, span);
    } else if (holder === null || holder === this) this.stored.set(name, stored);
  }
}

/** What is stored beside the stream or the connection of a context; null when it has none. */
export function stateOf(context: GuestContext | null): FilterState | null {
  return context?.stream?.info.filterState ?? context?.network?.connection.filterState ?? null;
}

/** By the contexts in which they were declared: Envoy asks a plugin's own for what its streams set. */
const declarations = new WeakMap<GuestContext, Map<string, Declaration>>();

/** Notes how a property is stored; false when this context has declared it already. */
export function declareProperty(context: GuestContext, name: string, declaration: Declaration): boolean {
  const declared = declarations.get(context) ?? new Map<string, Declaration>();
  if (declared.has(name)) return false;
  declarations.set(context, declared.set(name, declaration));
  return true;
}

/** Null when the context has not declared it. */
export function declarationOf(context: GuestContext, name: string): Declaration | null {
  return declarations.get(context)?.get(name) ?? null;
}
