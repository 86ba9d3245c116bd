import type { DescMessage, FileRegistry } from "@bufbuild/protobuf";
import { types } from "../configuration.ts";
import type { Report } from "../finding.ts";
import { described, pathTo, valueOf, type MapValue, type Value } from "../source/value.ts";
import { anyMessage } from "./any.ts";
import { fieldOf } from "./field-names.ts";
import type { Message } from "./message.ts";
import { readMessage, type Reading } from "./reader.ts";

const discoveryResponse = "envoy.service.discovery.v3.DiscoveryResponse";
/** What a file without `@type` can be, the likeliest first. */
const candidates = [
  types.bootstrap,
  types.listener,
  types.cluster,
  types.routes,
  types.endpoints,
  discoveryResponse,
  "envoy.extensions.transport_sockets.tls.v3.Secret",
];

/**
 * The messages of a file: a resource with `@type`, a list of such, a DiscoveryResponse, or a bootstrap, listener, cluster,
 * route configuration or load assignment that is known by its keys.
 */
export function readRoots(reading: Reading, value: Value): Message[] {
  if (value.kind === "list")
    return value.items.flatMap((item, i) => present(readRoot(reading, item, `[${i}]`)));
  return present(readRoot(reading, value, ""));
}

/** One message, at a path. */
export function readRoot(reading: Reading, value: Value, path: string): Message | null {
  if (value.kind !== "map") {
    const message = `a configuration is a map, and here is ${described(value)}`;
    reading.report("wrong-type", { path, place: value.place }, message);
    return null;
  }
  if (isOfKubernetes(reading.report, value, path)) return null;
  const position = { path, parent: null };
  const node =
    valueOf(value, "@type") === null
      ? readMessage(reading, likeliest(reading.api, value), value, position)
      : anyMessage(reading, value, position);
  return node?.kind === "message" ? node : null;
}

/** Whether it is an object of Kubernetes, which some controller makes a configuration of Envoy from; reported then. */
function isOfKubernetes(report: Report, { entries }: MapValue, path: string): boolean {
  const [version, kind] = ["apiVersion", "kind"].map((name) => entries.find(({ key }) => key === name));
  if (version?.value.kind !== "scalar" || kind?.value.kind !== "scalar") return false;
  report(
    "unknown-type",
    { path: pathTo(path, kind.key), place: kind.keyPlace },
    `this is a ${kind.value.text} of Kubernetes (${version.value.text}), and no configuration of Envoy`,
    "kubectl apply --dry-run=server asks its controller; what Envoy was given is on its /config_dump",
  );
  return true;
}

/** The first type that has all of a map's keys, else the one that has the most of them. */
function likeliest(api: FileRegistry, { entries }: MapValue): DescMessage {
  let best: DescMessage | null = null;
  let most = -1;
  for (const name of candidates) {
    const desc = api.getMessage(name) ?? null;
    const score = entries.filter(({ key }) => desc !== null && fieldOf(desc, key) !== null).length;
    if (desc !== null && score > most) [best, most] = [desc, score];
    if (most === entries.length) break;
  }
  if (best === null) throw new RangeError("the API has no bootstrap");
  return best;
}

function present(message: Message | null): Message[] {
  return message === null ? [] : [message];
}
