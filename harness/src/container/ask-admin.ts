import http from "node:http";
import { urlToHttpOptions } from "node:url";
import { getText } from "../envoy/get-text.ts";

/** What Envoy's admin interface answers, on a connection of its own. */
export function askAdmin(adminUrl: string, path: string, signal?: AbortSignal): Promise<string> {
  const { hostname, port } = urlToHttpOptions(new URL(adminUrl));
  return getText({ hostname, port, path, signal, agent: new http.Agent() });
}
