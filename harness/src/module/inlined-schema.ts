const REFERENCE = /^#\/definitions\/(.+)$/;

type Definitions = Readonly<Record<string, unknown>>;

/**
 * A JSON schema with its definitions in the places of the references to them. A definition within itself becomes any
 * object, for a type cannot be written out without end.
 */
export function inlinedSchema(schema: unknown): unknown {
  return inlined(withoutDefinitions(schema), { definitions: definitionsOf(schema), open: [] });
}

interface Surroundings {
  readonly definitions: Definitions;
  /** The definitions that are being written out. */
  readonly open: readonly string[];
}

function inlined(part: unknown, around: Surroundings): unknown {
  if (Array.isArray(part)) return part.map((item) => inlined(item, around));
  if (!isObject(part)) return part;
  const [, name] = REFERENCE.exec(String(part.$ref ?? "")) ?? [];
  if (name !== undefined && name in around.definitions) return definition(name, around);
  return Object.fromEntries(Object.entries(part).map(([key, value]) => [key, inlined(value, around)]));
}

function definition(name: string, { definitions, open }: Surroundings): unknown {
  if (open.includes(name)) return { type: "object" };
  return inlined(definitions[name], { definitions, open: [...open, name] });
}

function definitionsOf(schema: unknown): Definitions {
  return isObject(schema) && isObject(schema.definitions) ? schema.definitions : {};
}

function withoutDefinitions(schema: unknown): unknown {
  if (!isObject(schema)) return schema;
  return Object.fromEntries(Object.entries(schema).filter(([key]) => key !== "definitions"));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
