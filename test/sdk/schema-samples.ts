/** A JSON schema as far as `condition.schema.json` uses it. */
export interface Schema {
  readonly $ref?: string;
  readonly description?: string;
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly examples?: readonly unknown[];
  readonly pattern?: string;
  readonly minLength?: number;
  readonly minItems?: number;
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

/** A value that is wrong in one place. */
export interface Mutation {
  readonly what: string;
  readonly value: unknown;
  /** Where it is wrong, as the reader names it. */
  readonly path: string;
}

/** Makes values from a schema: every way to satisfy it, and every way to miss it by one step. */
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

  /** Each value with one thing wrong in it. */
  mutations(schema: Schema, value: unknown, path: string): Mutation[] {
    const known = this.alternativeOf(this.resolve(schema), value);
    const here = (what: string, wrong: unknown): Mutation => ({ what, value: wrong, path });
    const wrongType = known.type === "string" ? 7 : "7";
    const found = [here("a wrong type", wrongType)];
    if (known.enum !== undefined) found.push(here("no choice", known.type === "boolean" ? false : "other"));
    if (known.minLength !== undefined) found.push(here("too short", ""));
    if (known.pattern !== undefined) found.push(here("a character that none may hold", "a\n"));
    if (known.minItems !== undefined) found.push(here("no item", []));
    if (known.maximum !== undefined) found.push(here("a number too large", known.maximum + 1));
    if (known.minimum !== undefined) found.push(here("a number too small", known.minimum - 1));
    if (known.type === "integer") found.push(here("a fraction", 1.5));
    return [...found, ...this.inside(known, value, path)];
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

  /** Of alternative objects the one whose properties are those of the value. */
  private alternativeOf(schema: Schema, value: unknown): Schema {
    if (schema.properties !== undefined || schema.oneOf === undefined) return schema;
    const alternatives = schema.oneOf.map((alternative) => this.resolve(alternative));
    const keys = Object.keys(value as object);
    const found = alternatives.find(({ properties = {} }) => keys.every((key) => key in properties));
    return found ?? {};
  }

  private inside(schema: Schema, value: unknown, path: string): Mutation[] {
    if (Array.isArray(value)) return this.insideArray(schema, value, path);
    if (typeof value !== "object" || value === null) return [];
    const object = value as Record<string, unknown>;
    const keys = Object.keys(object);
    return [
      { what: "an unknown key", value: { ...object, zzz_unknown: 1 }, path: `${path}.zzz_unknown` },
      ...this.extraComparisons(schema, object, path),
      ...keys.flatMap((key) => this.missing(schema, object, { key, path })),
      ...keys.flatMap((key) =>
        this.mutations(schema.properties?.[key] ?? {}, object[key], `${path}.${key}`).map((mutation) => ({
          ...mutation,
          value: { ...object, [key]: mutation.value },
        })),
      ),
    ];
  }

  private insideArray(schema: Schema, value: readonly unknown[], path: string): Mutation[] {
    return this.mutations(schema.items ?? {}, value[0], `${path}[1]`).map((mutation) => ({
      ...mutation,
      value: [value[0], mutation.value],
    }));
  }

  private missing(
    schema: Schema,
    object: Record<string, unknown>,
    at: { key: string; path: string },
  ): Mutation[] {
    const rest = Object.fromEntries(Object.entries(object).filter(([key]) => key !== at.key));
    const what = `no ${at.key}`;
    const isOneOf = (schema.oneOf ?? []).some(({ required }) => required?.includes(at.key) === true);
    if (isOneOf) return [{ what, value: rest, path: at.path }];
    if (schema.required?.includes(at.key) !== true) return [];
    const isOnly = this.isKind(at.key);
    return [{ what, value: rest, path: isOnly ? at.path : `${at.path}.${at.key}` }];
  }

  /** Whether a key says what a condition is about: without it the reader misses any of them. */
  private isKind(key: string): boolean {
    const { oneOf = [] } = this.root.definitions?.condition ?? {};
    return oneOf.some((alternative) => this.resolve(alternative).required?.includes(key) === true);
  }

  private extraComparisons(schema: Schema, object: Record<string, unknown>, path: string): Mutation[] {
    return (schema.oneOf ?? []).flatMap(({ required = [] }) => {
      const [key = ""] = required;
      if (key in object) return [];
      const [value] = this.of(schema.properties?.[key] ?? {}, 3);
      return [{ what: `${key} besides`, value: { ...object, [key]: value }, path }];
    });
  }
}
