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
