import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import {
  DiscoveryRequestSchema,
  DiscoveryResponseSchema,
} from "../../api/envoy/service/discovery/v3/discovery_pb.js";
import type { Answer, Demand, Protocol } from "./protocol.ts";

/** xDS in which each request names all that is wanted, and what is no longer there is left out. */
export const stateOfTheWorld: Protocol = {
  variant: "sotw",
  request: DiscoveryRequestSchema,

  decode(bytes: Uint8Array): Demand {
    const request = fromBinary(DiscoveryRequestSchema, bytes);
    return {
      node: request.node?.id ?? null,
      typeUrl: request.typeUrl,
      nonce: request.responseNonce,
      error: request.errorDetail?.message ?? null,
      names: { all: request.resourceNames },
      has: request.versionInfo,
    };
  },

  encode({ typeUrl, nonce, version, resources }: Answer): Uint8Array {
    const response = create(DiscoveryResponseSchema, {
      versionInfo: version,
      typeUrl,
      nonce,
      resources: resources.map(({ body }) => body),
    });
    return toBinary(DiscoveryResponseSchema, response);
  },
};
