import type { MessageInitShape } from "@bufbuild/protobuf";
import type { AddressSchema } from "../../api/envoy/config/core/v3/address_pb.js";

/** An address of this machine alone; port 0 is any free one. */
export function loopback(port: number): MessageInitShape<typeof AddressSchema> {
  return {
    address: {
      case: "socketAddress",
      value: { address: "127.0.0.1", portSpecifier: { case: "portValue", value: port } },
    },
  };
}
