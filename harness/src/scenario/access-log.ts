import type { JsonObject } from "@bufbuild/protobuf";
import type { Any } from "@bufbuild/protobuf/wkt";
import type { AccessLogSchema } from "../../api/envoy/config/accesslog/v3/accesslog_pb.js";
import { StdoutAccessLogSchema } from "../../api/envoy/extensions/access_loggers/stream/v3/stream_pb.js";
import { any } from "../envoy-api/any.ts";
import type { PluginOptions } from "../plugin-options.ts";
import { extensionName, isPlugin } from "./filter.ts";
import type { Surroundings } from "./surroundings.ts";
import { wasmAccessLogger } from "./wasm.ts";
import type { Fields } from "./merge.ts";

/**
 * An access logger: a Wasm plugin, the typed message of one of Envoy's, or Envoy's own `AccessLog`.
 *
 * @category Configure Envoy
 */
export type AccessLogger = PluginOptions | Any | Fields<typeof AccessLogSchema>;

export function accessLogger(logger: AccessLogger, around: Surroundings): Fields<typeof AccessLogSchema> {
  if (isPlugin(logger)) return wasmAccessLogger(around.plugin(logger));
  if (!("typeUrl" in logger)) return logger;
  return { name: extensionName(logger), configType: { case: "typedConfig", value: logger } };
}

/** An access log in JSON, a line an entry. */
export function stdoutLog(format: JsonObject): Fields<typeof AccessLogSchema> {
  return {
    name: "envoy.access_loggers.stdout",
    configType: {
      case: "typedConfig",
      value: any(StdoutAccessLogSchema, {
        accessLogFormat: {
          case: "logFormat",
          value: { format: { case: "jsonFormat", value: format } },
        },
      }),
    },
  };
}
