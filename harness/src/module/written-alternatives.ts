type Schema = Readonly<Record<string, unknown>>;

/**
 * The schema with alternatives of required keys written out: an object that must have one of several keys becomes one
 * object for each of them, without the others. The compiler of types would lose them, and take any key besides.
 */
export function withWrittenAlternatives(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withWrittenAlternatives);
  if (!isSchema(schema)) return schema;
  const inner = Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [key, withWrittenAlternatives(value)]),
  );
  return isChoiceOfKeys(inner) ? writtenOut(inner) : inner;
}

/** An object whose `oneOf` says of nothing but its keys. */
type ChoiceOfKeys = Schema & {
  readonly properties: Schema;
  readonly oneOf: ReadonlyArray<{ readonly required: readonly string[] }>;
};

function isChoiceOfKeys(schema: Schema): schema is ChoiceOfKeys {
  if (!isSchema(schema.properties) || !Array.isArray(schema.oneOf)) return false;
  return schema.oneOf.every((choice) => Array.isArray(choice.required) && choice.properties === undefined);
}

function writtenOut({ oneOf, properties, required = [], description, ...rest }: ChoiceOfKeys): Schema {
  const all = new Set(oneOf.flatMap((choice) => choice.required));
  const objects = oneOf.map((choice) => {
    const kept = Object.entries(properties).filter(([key]) => !all.has(key) || choice.required.includes(key));
    const needed = [...(required as readonly string[]), ...choice.required];
    return { ...rest, properties: Object.fromEntries(kept), required: needed };
  });
  return { description, oneOf: objects };
}

function isSchema(value: unknown): value is Schema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
