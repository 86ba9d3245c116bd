import type { DescMessage, MessageInitShape } from "@bufbuild/protobuf";

/**
 * Some fields of a message, as TypeScript names them: `Fields<typeof ClusterSchema>`.
 *
 * @category Describe an Envoy
 */
export type Fields<Schema extends DescMessage> = Extract<
  MessageInitShape<Schema>,
  { readonly $typeName?: never }
>;

/**
 * Fields of a message over others. What both have is merged where it is a message, a map or a oneof of the same case;
 * everything else, lists and bytes included, is taken as it is, and `undefined` takes a default away.
 */
export function merged<T extends object>(defaults: T, fields: T | undefined): T {
  const result = new Map<string, unknown>(Object.entries(defaults));
  for (const [name, value] of Object.entries(fields ?? {})) {
    const known = result.get(name);
    const isBoth = isFields(known) && isFields(value) && known["case"] === value["case"];
    result.set(name, isBoth ? merged(known, value) : value);
  }
  return Object.fromEntries(result) as T;
}

/** A message that is complete, an `Any` above all, is none. */
function isFields(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null || "$typeName" in value) return false;
  return Object.getPrototypeOf(value) === Object.prototype;
}
