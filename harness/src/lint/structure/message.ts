import type { DescField, DescMessage } from "@bufbuild/protobuf";
import type { Spot } from "../finding.ts";

/** A value of a field: a message, or one scalar. An enum's value is its name, a Duration's is its seconds. */
export type Node = Message | Leaf;

export interface Leaf {
  readonly kind: "leaf";
  readonly value: string | number | boolean | null;
  /** The key in a map field; null elsewhere. */
  readonly key: string | null;
  readonly spot: Spot;
}

/** What is known of a field that is set. */
export interface SetField {
  readonly desc: DescField;
  readonly spot: Spot;
  /** One value of a singular field, all of a list or map; without those that could not be read. */
  readonly nodes: readonly Node[];
  /** How many values are written. */
  readonly count: number;
}

/**
 * A message of a configuration with its type. A `google.protobuf.Any` is the message inside of it. Fields are named as
 * in Envoy's API, `load_assignment`, however the file spells them.
 */
export class Message {
  readonly kind = "message";
  readonly fields = new Map<string, SetField>();
  readonly desc: DescMessage;
  readonly spot: Spot;
  readonly parent: Message | null;
  /** The key in a map field; null elsewhere. */
  readonly key: string | null;
  /** Whether a key of it names no field: what seems to be missing may be what it was meant to be. */
  hasUnknownKey = false;

  constructor(desc: DescMessage, spot: Spot, parent: Message | null, key: string | null = null) {
    this.desc = desc;
    this.spot = spot;
    this.parent = parent;
    this.key = key;
  }

  /** The full name of its type: `envoy.config.cluster.v3.Cluster`. */
  get type(): string {
    return this.desc.typeName;
  }

  has(name: string): boolean {
    return this.fields.has(name);
  }

  /** Where a field stands; where the message does when it is not set. */
  at(name: string): Spot {
    return this.fields.get(name)?.spot ?? this.spot;
  }

  nodes(name: string): readonly Node[] {
    return this.fields.get(name)?.nodes ?? [];
  }

  messages(name: string): readonly Message[] {
    return this.nodes(name).filter((node) => node.kind === "message");
  }

  message(name: string): Message | null {
    return this.messages(name)[0] ?? null;
  }

  leaves(name: string): readonly Leaf[] {
    return this.nodes(name).filter((node) => node.kind === "leaf");
  }

  /** A text or the name of an enum's value; null when it is not set. */
  text(name: string): string | null {
    const value = this.leaves(name)[0]?.value;
    return typeof value === "string" ? value : null;
  }

  number(name: string): number | null {
    const value = this.leaves(name)[0]?.value;
    return typeof value === "number" ? value : null;
  }

  isOn(name: string): boolean {
    return this.leaves(name)[0]?.value === true;
  }

  /** The nearest message of a type that this one is in; null when there is none. */
  within(type: string): Message | null {
    if (this.parent === null) return null;
    return this.parent.type === type ? this.parent : this.parent.within(type);
  }

  /** This message and all in it. */
  *all(): Generator<Message> {
    yield this;
    for (const { nodes } of this.fields.values()) {
      for (const node of nodes) if (node.kind === "message") yield* node.all();
    }
  }
}
