/** Something that the host must be told of before it is used, which it cannot be while the module is initialised. */
export abstract class Definition {
  /** For the SDK: the definition that was kept before it. @internal */
  next: Definition | null = null;

  /** Tells the host. */
  abstract define(): void;
}

let pending: Definition | null = null;

/** Keeps a definition until a plugin is configured. */
export function defineLater(definition: Definition): void {
  definition.next = pending;
  pending = definition;
}

/** Tells the host of all that was kept; nothing is left to tell afterwards. */
export function defineAll(): void {
  let definition = pending;
  while (definition !== null) {
    definition.define();
    definition = definition.next;
  }
  pending = null;
}
