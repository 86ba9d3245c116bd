import { readFileSync } from "node:fs";
import fc from "fast-check";

/** What of JSON Schema the configurations' schemas use. */
export interface Schema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly oneOf?: readonly Schema[];
  readonly items?: Schema;
  readonly $ref?: string;
  readonly enum?: readonly unknown[];
  readonly examples?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly definitions?: Readonly<Record<string, Schema>>;
}

/** The schema of a filter's configuration. */
export function schemaOf(filter: string): Schema {
  const file = new URL(`../../../filters/${filter}/schema.json`, import.meta.url);
  return JSON.parse(readFileSync(file, "utf8")) as Schema;
}

/** Values that stand where a property or a definition has this name. */
export type Seeds = Readonly<Record<string, fc.Arbitrary<unknown>>>;

type Tie = (name: string) => fc.Arbitrary<unknown>;

/**
 * Values of the shape that a schema declares, with hostile parts: the limits of what it allows are passed now and then, once
 * among so many values.
 */
export function declaredBy(schema: Schema, seeds: Seeds, oneOf = 80): fc.Arbitrary<unknown> {
  const { all } = fc.letrec((tie) => {
    const definitions = Object.entries(schema.definitions ?? {});
    const ofName = ([name, each]: [string, Schema]): [string, fc.Arbitrary<unknown>] => [
      name,
      valueOf(each, name, { tie, seeds, oneOf }),
    ];
    return {
      ...Object.fromEntries(definitions.map(ofName)),
      all: valueOf(schema, "", { tie, seeds, oneOf }),
    };
  });
  return all ?? fc.constant({});
}

interface Around {
  readonly tie: Tie;
  readonly seeds: Seeds;
  readonly oneOf: number;
}

function valueOf(schema: Schema, name: string, around: Around): fc.Arbitrary<unknown> {
  const { $ref, oneOf } = schema;
  if ($ref !== undefined) return around.tie($ref.slice("#/definitions/".length));
  const seeded = around.seeds[name];
  if (seeded !== undefined && schema.type !== "array" && schema.type !== "object" && !oneOf) return seeded;
  if (oneOf?.every(({ type }) => type !== undefined) === true) return choiceOf(oneOf, name, around);
  return fc.oneof(
    { weight: around.oneOf, arbitrary: typed(schema, name, around) },
    { weight: 1, arbitrary: foreign },
  );
}

/** The kinds that come first lead to no others. */
function choiceOf(schemas: readonly Schema[], name: string, around: Around): fc.Arbitrary<unknown> {
  const choices = schemas.map((each) => valueOf(each, name, around));
  return fc.oneof({ depthSize: "small", maxDepth: 3 }, ...choices);
}

function typed(schema: Schema, name: string, around: Around): fc.Arbitrary<unknown> {
  if (schema.enum) return fc.constantFrom(...schema.enum);
  switch (schema.type) {
    case "object":
      return objectOf(schema, around);
    case "array":
      return fc.array(valueOf(schema.items ?? {}, name, around), { minLength: 1, maxLength: 3, size: "max" });
    case "integer":
      return integerOf(schema, around.oneOf);
    case "boolean":
      return fc.boolean();
    default:
      return fc.oneof(fc.constantFrom("a", ...(schema.examples ?? [])), fc.string({ maxLength: 4 }));
  }
}

/** Of properties that exclude each other there is one. */
function objectOf(
  { properties = {}, required = [], oneOf = [] }: Schema,
  around: Around,
): fc.Arbitrary<object> {
  const model = Object.fromEntries(
    Object.entries(properties).map(([key, each]) => [key, valueOf(each, key, around)]),
  );
  const exclusive = oneOf.flatMap((each) => each.required ?? []);
  const free = Object.fromEntries(Object.entries(model).filter(([key]) => !exclusive.includes(key)));
  const common = fc.record(free, { requiredKeys: [...required] });
  if (exclusive.length === 0) return common;
  const one = fc.constantFrom(...exclusive).chain((key) => fc.record({ [key]: model[key] ?? foreign }));
  return fc.tuple(common, one).map(([each, more]) => ({ ...each, ...more }));
}

function integerOf(
  { minimum = 0, maximum = 2 ** 53 - 1, examples = [] }: Schema,
  oneOf: number,
): fc.Arbitrary<unknown> {
  const inside = fc.maxSafeInteger().map((value) => Math.min(maximum, Math.max(minimum, value)));
  const outside = fc.constantFrom(minimum - 1, maximum + 1, minimum + 0.5, 1e300);
  return fc.oneof(
    { weight: oneOf / 8, arbitrary: fc.constantFrom(minimum, ...examples) },
    { weight: oneOf / 16, arbitrary: inside },
    { weight: 1, arbitrary: outside },
  );
}

const foreign = fc.constantFrom<unknown>(null, true, false, 0, -1.5, "", "é", "a\nb", [], {}, [1], { a: 1 });
