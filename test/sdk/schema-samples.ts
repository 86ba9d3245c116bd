/** A JSON schema as far as the schemas of filters use it. */
export interface Schema {
  readonly $ref?: string;
  readonly description?: string;
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly examples?: readonly unknown[];
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: boolean;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly items?: Schema;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly not?: Schema;
  readonly dependencies?: Readonly<Record<string, Schema>>;
  readonly definitions?: Readonly<Record<string, Schema>>;
}

/** Makes values from a schema: every way to satisfy it. */
export class Samples {
  private readonly root: Schema;

  constructor(root: Schema) {
    this.root = root;
  }

  /** The schema that a reference leads to. */
  resolve(schema: Schema): Schema {
    const name = /^#\/definitions\/(\w+)$/.exec(schema.$ref ?? "")?.[1];
    return name === undefined ? schema : (this.root.definitions?.[name] ?? {});
  }

  /** Values that satisfy a schema: each alternative of it, and each optional property; `depth` levels of nesting. */
  of(schema: Schema, depth: number): unknown[] {
    const known = this.resolve(schema);
    if (depth < 0) return [];
    if (known.enum !== undefined) return [...known.enum];
    if (known.examples !== undefined) return [...known.examples];
    if (known.type === "boolean") return [true, false];
    if (known.type === "array") return this.of(known.items ?? {}, depth - 1).map((item) => [item]);
    if (known.properties === undefined)
      return (known.oneOf ?? []).flatMap((alternative) => this.of(alternative, depth));
    return (known.oneOf ?? [{}]).flatMap((alternative) => this.objects(known, alternative, depth));
  }

  private objects(schema: Schema, alternative: Schema, depth: number): object[] {
    const required = [...(schema.required ?? []), ...(alternative.required ?? [])];
    const options = Object.keys(schema.properties ?? {}).filter(
      (key) => !required.includes(key) && !this.isForbidden(schema, alternative, key),
    );
    const bases = required.reduce<object[]>(
      (objects, key) =>
        this.of(schema.properties?.[key] ?? {}, depth - 1).flatMap((value) =>
          objects.map((object) => ({ ...object, [key]: value })),
        ),
      [{}],
    );
    const [base] = bases;
    const extended = options.flatMap((key) =>
      this.of(schema.properties?.[key] ?? {}, depth - 1).map((value) => ({ ...base, [key]: value })),
    );
    return base === undefined ? [] : [...bases, ...extended];
  }

  /** Whether a property would make an object fit another alternative, or none. */
  private isForbidden(schema: Schema, alternative: Schema, key: string): boolean {
    const others = (schema.oneOf ?? []).filter((other) => other !== alternative);
    const isOfAnother = others.some(({ required }) => required?.includes(key) === true);
    const refused = schema.dependencies?.[key]?.not?.anyOf ?? [];
    return (
      isOfAnother ||
      refused.some(({ required }) => alternative.required?.includes(required?.[0] ?? "") === true)
    );
  }
}
