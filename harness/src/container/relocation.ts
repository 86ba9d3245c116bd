import { clone, create, type DescMessage, type MessageShape } from "@bufbuild/protobuf";
import { anyUnpack, type Any } from "@bufbuild/protobuf/wkt";
import { BootstrapSchema, type Bootstrap } from "../../api/envoy/config/bootstrap/v3/bootstrap_pb.js";
import {
  Cluster_DiscoveryType,
  Cluster_DnsLookupFamily,
  ClusterSchema,
  type Cluster,
} from "../../api/envoy/config/cluster/v3/cluster_pb.js";
import {
  SocketAddress_Protocol,
  type Address,
  type SocketAddress,
} from "../../api/envoy/config/core/v3/address_pb.js";
import {
  ClusterLoadAssignmentSchema,
  type ClusterLoadAssignment,
} from "../../api/envoy/config/endpoint/v3/endpoint_pb.js";
import { ListenerSchema, type Listener } from "../../api/envoy/config/listener/v3/listener_pb.js";
import { HarnessError } from "../errors.ts";
import { cds, eds, lds } from "../xds/resource-types.ts";
import { resource, type Resource } from "../xds/resource.ts";
import { Snapshot } from "../xds/snapshot.ts";
import type { Update } from "../xds/update.ts";
import { hostName } from "./engine-address.ts";
import type { ExposedPorts } from "./exposed-ports.ts";

/** What a container's Envoy and this process see of each other. */
export interface Surroundings {
  /** This machine's address, as the container reaches it. */
  readonly serverHost: string;
  /** The ports for listeners; null where the container's own address is reached, and with it any port. */
  readonly ports: ExposedPorts | null;
}

/**
 * Moves what was built for loopback into a container: listeners to where they are reached from outside, clusters to
 * servers of this machine. What names another address stays as it is.
 */
export class Relocation {
  private readonly to: Surroundings;
  /** This machine, as clusters have it: its address, and only where that is loopback a name, which needs DNS. */
  private readonly host: string;
  private statics: readonly string[] = [];

  constructor(to: Surroundings) {
    this.to = to;
    this.host = isLoopback(to.serverHost) ? hostName : to.serverHost;
  }

  bootstrap(bootstrap: Bootstrap): Bootstrap {
    const moved = clone(BootstrapSchema, bootstrap);
    const listeners = moved.staticResources?.listeners ?? [];
    for (const listener of listeners) this.moveListener(listener);
    this.statics = listeners.map(({ name }) => name);
    for (const cluster of moved.staticResources?.clusters ?? []) this.moveCluster(cluster);
    return moved;
  }

  /** `served` is what Envoy has until it takes the update. */
  update({ set = [], remove = [] }: Update, served = new Snapshot()): Update {
    this.to.ports?.keep(new Set([...this.statics, ...served.ofType(lds).keys()]));
    return { set: set.map((one) => this.resource(one)), remove };
  }

  private resource(one: Resource): Resource {
    const { typeUrl, body } = one;
    if (typeUrl === lds) return changed(ListenerSchema, body, (listener) => this.moveListener(listener));
    if (typeUrl === cds) return changed(ClusterSchema, body, (cluster) => this.moveCluster(cluster));
    if (typeUrl !== eds) return one;
    const { serverHost } = this.to; // endpoints that are discovered cannot be names
    return changed(ClusterLoadAssignmentSchema, body, (endpoints) => moveEndpoints(endpoints, serverHost));
  }

  private moveCluster(cluster: Cluster): void {
    const { loadAssignment } = cluster;
    if (loadAssignment === undefined || !moveEndpoints(loadAssignment, this.host)) return;
    if (this.host === hostName) resolveNames(cluster);
  }

  private moveListener({ name, address, additionalAddresses }: Listener): void {
    const all = [address, ...additionalAddresses.map((additional) => additional.address)];
    for (const socket of all.flatMap(loopbackOf)) {
      if (this.to.ports !== null) refuseUdp(name, socket);
      socket.address = "0.0.0.0";
      if (this.to.ports === null || socket.portSpecifier.value !== 0) continue;
      socket.portSpecifier = { case: "portValue", value: this.to.ports.for(name) };
    }
  }
}

function changed<Schema extends DescMessage>(
  schema: Schema,
  body: Any,
  change: (message: MessageShape<Schema>) => void,
): Resource {
  const message = anyUnpack(body, schema) ?? create(schema);
  change(message);
  return resource(schema, message);
}

/** `/etc/hosts` of the container answers. */
function resolveNames(cluster: Cluster): void {
  const { clusterDiscoveryType } = cluster;
  cluster.dnsLookupFamily = Cluster_DnsLookupFamily.V4_ONLY;
  if (clusterDiscoveryType.case === undefined || clusterDiscoveryType.value === Cluster_DiscoveryType.STATIC)
    cluster.clusterDiscoveryType = { case: "type", value: Cluster_DiscoveryType.STRICT_DNS };
}

/** Whether there was something to move. */
function moveEndpoints({ clusterName, endpoints }: ClusterLoadAssignment, host: string): boolean {
  const hosts = endpoints.flatMap(({ lbEndpoints }) =>
    lbEndpoints.map(({ hostIdentifier }) => hostIdentifier),
  );
  const addresses = hosts.flatMap((one) => (one.case === "endpoint" ? (one.value.address ?? []) : []));
  for (const { address } of addresses)
    if (address.case === "pipe") throw noSuchSocket(clusterName, address.value.path);
  const sockets = addresses.flatMap(loopbackOf);
  for (const socket of sockets) socket.address = host;
  return sockets.length > 0;
}

/** The socket of an address of loopback; none of any other. */
function loopbackOf(address: Address | undefined): SocketAddress[] {
  const { address: one } = address ?? {};
  return one?.case === "socketAddress" && isLoopback(one.value.address) ? [one.value] : [];
}

function isLoopback(host: string): boolean {
  return /^(127\.|localhost$)/.test(host);
}

function noSuchSocket(cluster: string, path: string): HarnessError {
  return new HarnessError(
    "unsupported",
    `cluster "${cluster}" leads to ${path}, a socket of this machine, which no container has: ` +
      "let its server listen on a port of `upstreamAddress()`",
  );
}

function refuseUdp(listener: string, { protocol }: SocketAddress): void {
  if (protocol !== SocketAddress_Protocol.UDP) return;
  throw new HarnessError(
    "unsupported",
    `listener "${listener}" is one of HTTP/3, and this engine's containers are reached by ports of TCP alone: ` +
      "run the test in the backend envoy",
  );
}
