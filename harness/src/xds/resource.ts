import { hash } from "node:crypto";
import { create, toBinary, type DescMessage, type MessageInitShape } from "@bufbuild/protobuf";
import { AnySchema, type Any } from "@bufbuild/protobuf/wkt";
import { HarnessError } from "../errors.ts";
import { typeUrlOf } from "./resource-types.ts";

/**
 * One thing that a control plane serves, encoded once.
 *
 * @category Configure Envoy
 */
export interface Resource {
  /** `type.googleapis.com/envoy.config.listener.v3.Listener` */
  readonly typeUrl: string;
  /** By which it is asked for. */
  readonly name: string;
  /** A digest of the bytes: the same content has the same version. */
  readonly version: string;
  /** The message, encoded. */
  readonly body: Any;
}

/**
 * A Listener, Cluster, ClusterLoadAssignment, RouteConfiguration, Secret, TypedExtensionConfig or Runtime, or any other
 * message with a name: `resource(ListenerSchema, { name: "in", … })`. Refused with `invalid_input` without a name.
 *
 * @category Configure Envoy
 */
export function resource<Schema extends DescMessage>(
  schema: Schema,
  init: MessageInitShape<Schema>,
): Resource {
  const message = create(schema, init);
  const name = nameOf(message as Readonly<Record<string, unknown>>);
  if (name === "")
    throw new HarnessError(
      "invalid_input",
      `a resource of ${schema.typeName} is asked for by its name, and here is none: set name`,
    );
  const value = toBinary(schema, message);
  const typeUrl = typeUrlOf(schema);
  return { typeUrl, name, version: versionOf(value), body: create(AnySchema, { typeUrl, value }) };
}

/** A ClusterLoadAssignment is named by its cluster. */
function nameOf({ name, clusterName }: Readonly<Record<string, unknown>>): string {
  return [name, clusterName].find((value) => typeof value === "string") ?? "";
}

/** 64 bits of a digest. */
export function versionOf(content: Uint8Array | string): string {
  return hash("sha256", content).slice(0, 16);
}
