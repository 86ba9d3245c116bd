import type { DescMessage, FileRegistry } from "@bufbuild/protobuf";
import { types } from "../configuration.ts";
import { described, valueOf, type MapValue, type Value } from "../source/value.ts";
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
  const position = { path, parent: null };
  const node =
    valueOf(value, "@type") === null
      ? readMessage(reading, likeliest(reading.api, value), value, position)
      : anyMessage(reading, value, position);
  return node?.kind === "message" ? node : null;
}

/** The type that has the most of a map's keys. */
function likeliest(api: FileRegistry, { entries }: MapValue): DescMessage {
  const descs = candidates.flatMap((name) => api.getMessage(name) ?? []);
  const score = (desc: DescMessage): number =>
    entries.filter(({ key }) => fieldOf(desc, key) !== null).length;
  const [first, ...others] = descs;
  if (first === undefined) throw new RangeError("the API has no bootstrap");
  return others.reduce((best, desc) => (score(desc) > score(best) ? desc : best), first);
}

function present(message: Message | null): Message[] {
  return message === null ? [] : [message];
}
