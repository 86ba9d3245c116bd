import type { GuestContext } from "./context.ts";

/** What `declare_property` says of a property, as far as it can be seen in one stream. */
export interface Declaration {
  /** It is set once. */
  readonly isReadOnly: boolean;
  /** It is of protobuf or of FlatBuffers: `filter_state` has a message, which cannot be handed over. */
  readonly isMessage: boolean;
}

interface Stored extends Declaration {
  readonly value: Uint8Array;
}

/** How a property is stored of which nothing was said. */
const bytes: Declaration = { isReadOnly: false, isMessage: false };

/** What filters store beside a stream or a connection, by name. */
export class FilterState {
  private readonly stored = new Map<string, Stored>();

  /** Null when there is nothing of this name. */
  get(name: string): Uint8Array | null {
    return this.stored.get(name)?.value ?? null;
  }

  /** Whether its value was declared to be a message. */
  isMessage(name: string): boolean {
    return this.stored.get(name)?.isMessage === true;
  }

  /** False when it has a value, and is read-only; how it was declared when it was set first stands. */
  set(name: string, value: Uint8Array, declared: Declaration | null): boolean {
    const before = this.stored.get(name);
    if (before?.isReadOnly === true) return false;
    const { isReadOnly, isMessage } = before ?? declared ?? bytes;
    this.stored.set(name, { value, isReadOnly, isMessage });
    return true;
  }
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
