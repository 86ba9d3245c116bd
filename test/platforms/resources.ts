import { readdirSync, readFileSync } from "node:fs";
import { Ajv, type ValidateFunction } from "ajv";

/** A custom resource of Kubernetes, as its YAML says it. */
export interface Resource {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: Readonly<Record<string, unknown>>;
}

interface Definition {
  readonly group: string;
  readonly versions: Readonly<Record<string, object>>;
}

const folder = new URL("schemas/", import.meta.url);
const ajv = new Ajv({ allErrors: true, strict: false });
const validators = new Map(readdirSync(folder).flatMap(validatorsOf));

/** What Istio's or Envoy Gateway's schema says against a resource; empty when it is sound. */
export function refusals(resource: Resource): string[] {
  const validate = validators.get(`${resource.apiVersion} ${resource.kind}`);
  if (validate === undefined) return [`there is no ${resource.kind} in ${resource.apiVersion}`];
  if (validate(resource)) return [];
  return (validate.errors ?? []).map(({ instancePath, message = "", params }) =>
    `${instancePath} ${message} ${JSON.stringify(params)}`.trim(),
  );
}

/** A validator for each version of the resource of a file, by apiVersion and kind. */
function validatorsOf(name: string): Array<[key: string, validate: ValidateFunction]> {
  const { group, versions } = JSON.parse(readFileSync(new URL(name, folder), "utf8")) as Definition;
  const kind = name.replace(".json", "");
  return Object.entries(versions).map(([version, schema]) => [
    `${group}/${version} ${kind}`,
    ajv.compile(schema),
  ]);
}
