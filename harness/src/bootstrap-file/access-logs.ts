import type { JsonObject } from "@bufbuild/protobuf";
import { accessLogFormat } from "../envoy/access-log.ts";
import { elements, messagesIn, text } from "./walk.ts";

const type = (name: string): string => `type.googleapis.com/envoy.extensions.${name}`;
const managerType = "envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager";

/**
 * Lets each HTTP connection manager write the harness' own access log as well, by which it knows when streams are over.
 * Returns the prefixes of their stats.
 */
export function addAccessLog(bootstrap: JsonObject): string[] {
  const managers = [...messagesIn(bootstrap, managerType)];
  for (const manager of managers) manager["access_log"] = [...elements(manager, "access_log"), ownLog()];
  return [...new Set(managers.map((manager) => text(manager, "stat_prefix")))];
}

/** Moves what is written to files and to the standard output, of which the harness reads the lines, to a file. */
export function moveAccessLogs(bootstrap: JsonObject, file: string): void {
  for (const log of messagesIn(bootstrap, "envoy.extensions.access_loggers.file.v3.FileAccessLog"))
    log["path"] = file;
  for (const log of messagesIn(bootstrap, "envoy.extensions.access_loggers.stream.v3.StdoutAccessLog")) {
    log["@type"] = type("access_loggers.file.v3.FileAccessLog");
    log["path"] = file;
  }
}

function ownLog(): JsonObject {
  return {
    name: "envoy.access_loggers.stdout",
    typed_config: {
      "@type": type("access_loggers.stream.v3.StdoutAccessLog"),
      log_format: { json_format: accessLogFormat },
    },
  };
}
