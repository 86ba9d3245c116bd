import { fromJsonString } from "@bufbuild/protobuf";
import {
  ClustersSchema,
  HostHealthStatusSchema,
  type HostHealthStatus,
  type HostStatus,
} from "../../api/envoy/admin/v3/clusters_pb.js";
import { HealthStatus } from "../../api/envoy/config/core/v3/health_check_pb.js";
import { addressText } from "../envoy-api/address-text.ts";

/**
 * One server of a cluster, as Envoy's `/clusters` says it.
 *
 * @category Read what happened
 */
export interface EndpointStatus {
  /** `127.0.0.1:8080` */
  readonly address: string;
  /** Nothing says that it is not. */
  readonly isHealthy: boolean;
  /** What says so: `failed_active_health_check`, `failed_outlier_check`, …, and what EDS says, `eds_unhealthy`. */
  readonly healthFlags: readonly string[];
  /** `cx_total`, `cx_active`, `rq_total`, `rq_success`, `rq_error`, `rq_timeout`, … */
  readonly counters: Readonly<Record<string, number>>;
  /** Its share of the requests, relative to the others'. */
  readonly weight: number;
  /** 0 is the first. */
  readonly priority: number;
}

/**
 * One cluster, as Envoy's `/clusters` says it.
 *
 * @category Read what happened
 */
export interface ClusterStatus {
  /** As in the configuration. */
  readonly name: string;
  /** In the order in which Envoy lists them. */
  readonly endpoints: readonly EndpointStatus[];
}

/** Of the text of `/clusters?format=json`. */
export function parseClusters(text: string): ClusterStatus[] {
  const { clusterStatuses } = fromJsonString(ClustersSchema, text, { ignoreUnknownFields: true });
  return clusterStatuses.map(({ name, hostStatuses }) => ({ name, endpoints: hostStatuses.map(endpointOf) }));
}

function endpointOf({ address, healthStatus, stats, weight, priority }: HostStatus): EndpointStatus {
  const flags = healthStatus === undefined ? [] : healthFlags(healthStatus);
  return {
    address: (address && addressText(address)) ?? "",
    isHealthy: flags.length === 0,
    healthFlags: flags,
    counters: Object.fromEntries(stats.map(({ name, value }) => [name, Number(value)])),
    weight,
    priority,
  };
}

const good: ReadonlySet<HealthStatus> = new Set([HealthStatus.UNKNOWN, HealthStatus.HEALTHY]);

function healthFlags(status: HostHealthStatus): string[] {
  const fields = HostHealthStatusSchema.fields.filter(
    ({ localName }) => status[localName as keyof HostHealthStatus] === true,
  );
  const { edsHealthStatus: eds } = status;
  return [
    ...fields.map(({ name }) => name),
    ...(good.has(eds) ? [] : [`eds_${HealthStatus[eds].toLowerCase()}`]),
  ];
}
