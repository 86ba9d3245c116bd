import { Bytes, utf8 } from "../bytes";
import { Configuration } from "./configuration";
import { JsonDocument } from "../json/document";
import { log } from "../logging";
import { PluginPart } from "./parts";
import { getProperty } from "../properties";
import { findNamespace, readStruct } from "../protobuf/struct";

/** Settings of more routes than this are decoded again when they come back. */
const MOST_KNOWN = 256;

/**
 * The settings that the route of a request, or its virtual host, has for a filter. Source: Envoy's route.v3,
 * `metadata.filter_metadata`.
 *
 * @category Configuration
 */
export class RouteConfig<T extends Configuration> {
  /** For the SDK. @internal */
  constructor(
    /** The settings; null when they are refused. */
    readonly settings: T | null,
    /** Why they are refused, in one line that names the key; null when they are sound. */
    readonly problem: string | null,
  ) {}
}

/** Settings that were decoded, by the metadata that they were decoded from. */
class Known {
  constructor(
    readonly metadata: Bytes,
    /** The class `T` of what was decoded. */
    readonly type: u32,
    /** A `RouteConfig<T>`, or null when the metadata has nothing for the filter. */
    readonly config: Object | null,
    readonly next: Known | null,
  ) {}

  holds(type: u32, metadata: Bytes): bool {
    return this.type == type && this.metadata.equals(metadata);
  }
}

/** The settings per route of one plugin, each decoded once. */
export class RouteConfigs extends PluginPart {
  private latest: Known | null = null;
  private count: i32 = 0;

  /** The settings in this namespace of the route's metadata, else of the virtual host's; null when neither has any. */
  find<T extends Configuration>(namespace: Bytes): RouteConfig<T> | null {
    const ofRoute = this.decoded<T>(getProperty(utf8("xds\0route_metadata")), namespace);
    if (ofRoute !== null) return ofRoute;
    return this.decoded<T>(getProperty(utf8("xds\0virtual_host_metadata")), namespace);
  }

  private decoded<T extends Configuration>(metadata: Bytes | null, namespace: Bytes): RouteConfig<T> | null {
    if (metadata === null || metadata.length == 0) return null;
    let known = this.latest;
    while (known !== null && !known.holds(idof<T>(), metadata)) known = known.next;
    if (known === null) known = this.decode<T>(metadata, namespace);
    return changetype<RouteConfig<T> | null>(known.config);
  }

  private decode<T extends Configuration>(metadata: Bytes, namespace: Bytes): Known {
    if (this.count++ >= MOST_KNOWN) {
      this.latest = null;
      this.count = 1;
    }
    const kept = metadata.copy();
    const struct = findNamespace(kept, namespace);
    let config: Object | null = null;
    if (struct !== null) config = changetype<Object>(read<T>(struct, namespace));
    const known = new Known(kept, idof<T>(), config, this.latest);
    this.latest = known;
    return known;
  }
}

function read<T extends Configuration>(struct: Bytes, namespace: Bytes): RouteConfig<T> {
  const settings = instantiate<T>();
  const problem = settings.acceptDocument(new JsonDocument(readStruct(struct)));
  if (problem === null) return new RouteConfig<T>(settings, null);
  log.error("the metadata " + namespace.toString() + " of a route was refused: " + problem);
  return new RouteConfig<T>(null, problem);
}
