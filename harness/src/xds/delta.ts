import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import {
  DeltaDiscoveryRequestSchema,
  DeltaDiscoveryResponseSchema,
} from "../../api/envoy/service/discovery/v3/discovery_pb.js";
import type { Answer, Demand, Protocol } from "./protocol.ts";

/** Delta xDS: only what changed is said, in both directions. */
export const delta: Protocol = {
  variant: "delta",
  request: DeltaDiscoveryRequestSchema,

  decode(bytes: Uint8Array): Demand {
    const request = fromBinary(DeltaDiscoveryRequestSchema, bytes);
    return {
      node: request.node?.id ?? null,
      typeUrl: request.typeUrl,
      nonce: request.responseNonce,
      error: request.errorDetail?.message ?? null,
      names: { subscribe: request.resourceNamesSubscribe, unsubscribe: request.resourceNamesUnsubscribe },
      has: request.initialResourceVersions,
    };
  },

  encode({ typeUrl, nonce, version, resources, removed }: Answer): Uint8Array {
    const response = create(DeltaDiscoveryResponseSchema, {
      systemVersionInfo: version,
      typeUrl,
      nonce,
      resources: resources.map(({ name, version, body }) => ({ name, version, resource: body })),
      removedResources: [...removed],
    });
    return toBinary(DeltaDiscoveryResponseSchema, response);
  },
};
