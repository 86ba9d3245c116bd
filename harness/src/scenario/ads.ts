import { ApiVersion, type ConfigSourceSchema } from "../../api/envoy/config/core/v3/config_source_pb.js";
import type { Fields } from "./merge.ts";

/** Envoy has it from its control plane, on the stream that it has for everything. */
export const overAds: Fields<typeof ConfigSourceSchema> = {
  resourceApiVersion: ApiVersion.V3,
  configSourceSpecifier: { case: "ads", value: {} },
};
