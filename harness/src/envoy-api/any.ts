import { create, type DescMessage, type MessageInitShape } from "@bufbuild/protobuf";
import { anyPack, type Any } from "@bufbuild/protobuf/wkt";

/**
 * A message in a `google.protobuf.Any`, as Envoy has it wherever an extension is configured:
 * `any(RouterSchema, { suppressEnvoyHeaders: true })`.
 *
 * @category Configure Envoy
 */
export function any<Schema extends DescMessage>(schema: Schema, init?: MessageInitShape<Schema>): Any {
  return anyPack(schema, create(schema, init));
}
