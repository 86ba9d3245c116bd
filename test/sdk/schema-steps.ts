import { Samples, type Schema } from "./schema-samples.ts";

/** A value with one thing changed in it. */
export interface Step {
  readonly what: string;
  readonly value: unknown;
  /** Where it is changed, as the reader names it. */
  readonly path: string;
}

type Members = Readonly<Record<string, unknown>>;
/** What may be changed at one place; `all` is the schema there, of whose alternatives the value has `known`. */
type Changes = (at: { all: Schema; known: Schema; value: unknown; path: string }) => Step[];

/** Walks through a value along its schema, and changes one thing at a time. */
export class Steps {
  private readonly root: Schema;
  private readonly samples: Samples;

  constructor(root: Schema) {
    this.root = root;
    this.samples = new Samples(root);
  }

  /** Each value with one thing wrong in it. */
  wrong(schema: Schema, value: unknown, path: string): Step[] {
    return this.everywhere(schema, value, path, ({ all, known, value: there, path: place }) => {
      const steps = wrongValues(known, there).map(([what, wrong]) => ({ what, value: wrong, path: place }));
      return isObject(there) ? [...steps, ...this.wrongMembers({ all, known }, there, place)] : steps;
    });
  }

  /** Each value with one thing otherwise: another choice, the ends of a range, an option left out. */
  otherwise(schema: Schema, value: unknown, path: string): Step[] {
    return this.everywhere(schema, value, path, ({ known, value: there, path: place }) => {
      const others = otherValues(known).map(([what, other]) => ({ what, value: other, path: place }));
      return isObject(there) ? [...others, ...leftOut(known, there, place)] : others;
    });
  }

  /** The options that a value has, without indices: `rules[].name`. */
  options(schema: Schema, value: unknown): Set<string> {
    const steps = this.everywhere(schema, value, "", ({ path }) => [{ what: "", value: null, path }]);
    return new Set(steps.map(({ path }) => path.replace(/\[\d+\]/g, "[]")));
  }

  private everywhere(schema: Schema, value: unknown, path: string, changes: Changes): Step[] {
    const all = this.samples.resolve(schema);
    const known = this.alternativeOf(all, value);
    const inside = members(value).flatMap(([key, item]) => {
      const below = typeof key === "number" ? known.items : known.properties?.[key];
      const steps = this.everywhere(below ?? {}, item, placeOf(path, key), changes);
      return steps.map((step) => ({ ...step, value: withMember(value, key, step.value) }));
    });
    return [...changes({ all, known, value, path }), ...inside];
  }

  /** Of alternative objects the one whose properties are those of the value. */
  private alternativeOf(schema: Schema, value: unknown): Schema {
    if (schema.properties !== undefined || schema.oneOf === undefined) return schema;
    const alternatives = schema.oneOf.map((alternative) => this.samples.resolve(alternative));
    const keys = isObject(value) ? Object.keys(value) : [];
    const found = alternatives.find(({ properties = {} }) => keys.every((key) => key in properties));
    return found ?? {};
  }

  private wrongMembers({ all, known }: { all: Schema; known: Schema }, value: Members, path: string): Step[] {
    return [
      { what: "an unknown key", value: { ...value, zzz_unknown: 1 }, path: placeOf(path, "zzz_unknown") },
      ...this.besides(known, value, path),
      ...(all === known ? [] : this.besides(all, value, path)),
      ...Object.keys(value).flatMap((key) => this.missing(known, value, { key, path })),
    ];
  }

  private missing(schema: Schema, value: Members, at: { key: string; path: string }): Step[] {
    const what = `no ${at.key}`;
    const rest = without(value, at.key);
    const isOneOf = (schema.oneOf ?? []).some(({ required }) => required?.includes(at.key) === true);
    if (isOneOf) return [{ what, value: rest, path: at.path }];
    if (schema.required?.includes(at.key) !== true) return [];
    return [{ what, value: rest, path: this.isKind(at.key) ? at.path : placeOf(at.path, at.key) }];
  }

  /** Whether a key says what a condition is about: without it the reader misses any of them. */
  private isKind(key: string): boolean {
    const { oneOf = [] } = this.root.definitions?.["condition"] ?? {};
    return oneOf.some((alternative) => this.samples.resolve(alternative).required?.includes(key) === true);
  }

  /** A key of another alternative beside those of the value's. */
  private besides(schema: Schema, value: Members, path: string): Step[] {
    return (schema.oneOf ?? []).flatMap(({ required = [], properties = schema.properties }) => {
      const key = required.find((each) => !(each in value));
      if (key === undefined) return [];
      const [sample = 1] = this.samples.of(properties?.[key] ?? {}, 3);
      return [{ what: `${key} besides`, value: { ...value, [key]: sample }, path }];
    });
  }
}

function wrongValues(schema: Schema, value: unknown): Array<[what: string, wrong: unknown]> {
  const { minimum, maximum, maxLength, maxItems } = schema;
  const found: Array<[string, unknown]> = [
    ["a wrong type", typeof value === "string" ? 7 : "7"],
    ["null", null],
  ];
  if (schema.enum !== undefined) found.push(["no choice", schema.type === "boolean" ? false : "other"]);
  if (schema.minLength !== undefined) found.push(["too short", ""]);
  if (maxLength !== undefined) found.push(["too long", "/".padEnd(maxLength + 1, "a")]);
  if (schema.pattern !== undefined) found.push(["a character that none may hold", "a\n"]);
  if (schema.minItems !== undefined) found.push(["no item", []]);
  if (maxItems !== undefined && Array.isArray(value))
    found.push(["too many items", Array.from({ length: maxItems + 1 }, () => value[0] as unknown)]);
  if (schema.uniqueItems === true && Array.isArray(value))
    found.push(["an item twice", [...(value as unknown[]), value[0]]]);
  if (maximum !== undefined) found.push(["a number too large", maximum + 1]);
  if (minimum !== undefined) found.push(["a number too small", minimum - 1]);
  if (schema.type === "integer") found.push(["a fraction", 1.5]);
  return found;
}

function otherValues(schema: Schema): Array<[what: string, other: unknown]> {
  const { minimum, maximum } = schema;
  const found = (schema.enum ?? []).map((choice): [string, unknown] => [
    `the choice ${String(choice)}`,
    choice,
  ]);
  if (schema.enum === undefined && schema.type === "boolean") found.push(["yes", true], ["no", false]);
  if (minimum !== undefined) found.push(["the least number", minimum]);
  if (maximum !== undefined) found.push(["the greatest number", maximum]);
  if (schema.type === "string" && schema.pattern === undefined && schema.enum === undefined)
    found.push(["any text", 'é "\\\u0001'], ["no text", ""]);
  if (schema.type === "array" && schema.minItems === undefined) found.push(["no item", []]);
  return found;
}

function leftOut({ required = [] }: Schema, value: Members, path: string): Step[] {
  const optional = Object.keys(value).filter((key) => !required.includes(key));
  return optional.map((key) => ({ what: `no ${key}`, value: without(value, key), path: placeOf(path, key) }));
}

function members(value: unknown): Array<[key: string | number, item: unknown]> {
  if (Array.isArray(value)) return value.map((item, i) => [i, item]);
  return isObject(value) ? Object.entries(value) : [];
}

function withMember(value: unknown, key: string | number, item: unknown): unknown {
  if (Array.isArray(value)) return (value as unknown[]).with(Number(key), item);
  return { ...(value as Members), [key]: item };
}

function placeOf(path: string, key: string | number): string {
  if (typeof key === "number") return `${path}[${key}]`;
  return path === "" ? key : `${path}.${key}`;
}

function without(value: Members, key: string): Members {
  return Object.fromEntries(Object.entries(value).filter(([each]) => each !== key));
}

function isObject(value: unknown): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
