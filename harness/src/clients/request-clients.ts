import { Http1Client } from "./http1-client.ts";
import { Http2Client } from "./http2-client.ts";
import type { RequestClient } from "./request-client.ts";
import type { ClientTarget } from "./target.ts";

/**
 * The versions of HTTP that a client speaks.
 *
 * @category Send and receive
 */
export type ClientProtocol = "h1" | "h2";

/** A client for one target; nothing is connected before the first request. */
export function createClient(protocol: ClientProtocol, target: ClientTarget): RequestClient {
  return protocol === "h1" ? new Http1Client(target) : new Http2Client(target);
}
