import { normalised } from "../envoy/log-line.ts";
import { pathTo } from "./source/value.ts";
import { snake } from "./source/place-of.ts";

/** What Envoy says of a configuration, in a form that does not vary. */
export interface EnvoyWords {
  /** The path that Envoy names; empty when it names none. */
  readonly path: string;
  readonly message: string;
}

const preamble = /^error initializing configuration '.*?': /;
const unparsable = /\(?INVALID_ARGUMENT: ?(.*?)\)(?:: \{.*| has unknown fields.*)?$/;
const located =
  /invalid JSON in [\w.]+ ?@ ?(\S+): (?:(?:message|enum) [\w.]+|[a-z0-9]+), near \d+:\d+ \(offset \d+\): (.*)$/;
const atRoot = /invalid JSON in ([\w.]+),? near \d+:\d+ \(offset \d+\): (.*)$/;
const constraint = /Proto constraint validation failed \((.*)\)$/;

/** Reads Envoy's last word: without the white space and the markers that it varies, and without the configuration. */
export function envoyWords(text: string): EnvoyWords {
  const words = normalised(text).replace(preamble, "");
  const [, broken] = constraint.exec(words) ?? [];
  if (broken !== undefined) return constraintWords(broken);
  const [, reason = words] = unparsable.exec(words) ?? [];
  const [, path = "", message] = located.exec(reason) ?? [];
  const holder = path.replaceAll(".<any>", "");
  const said = message ?? atRoot.exec(reason)?.[2] ?? reason;
  const [, unknown] = /^no such field: '([^']+)'$/.exec(said) ?? [];
  return { path: unknown === undefined ? holder : pathTo(holder, unknown), message: said };
}

/**
 * `AError.Clusters[0]: embedded … | caused by BError.Name: value length …`; where the first is no bootstrap, the path
 * begins somewhere inside of it, and is only part of the message.
 */
function constraintWords(chain: string): EnvoyWords {
  const links = chain.split(" | caused by ").map(link);
  const path = links.map(({ field }) => field).join(".");
  const reason = links.at(-1)?.reason ?? chain;
  return chain.startsWith("BootstrapValidationError.")
    ? { path, message: reason }
    : { path: "", message: `${path}: ${reason}` };
}

/** `ClusterValidationError.Name: value length …`; of a oneof `field: "action", reason: is required`. */
function link(text: string): { field: string; reason: string } {
  const [, field = "", index = "", reason = text] =
    /^\w+ValidationError\.(\w+)(\S*?): (.*)$/.exec(text) ?? [];
  const [, oneof, missing] = /^field: "(\w+)", reason: (.*)$/.exec(text) ?? [];
  return oneof === undefined
    ? { field: snake(field) + index, reason }
    : { field: oneof, reason: missing ?? text };
}
