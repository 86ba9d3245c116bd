import { Http1Client } from "./http1-client.ts";
import { Http2Client } from "./http2-client.ts";
import { Http3Client } from "./http3-client.ts";
import type { RequestClient } from "./request-client.ts";
import type { ClientTarget } from "./target.ts";

/**
 * The versions of HTTP that a client speaks.
 *
 * @category Send and receive
 */
export type ClientProtocol = "h1" | "h2" | "h3";

const clients = { h1: Http1Client, h2: Http2Client, h3: Http3Client };

/** A client for one target; nothing is connected before the first request. */
export function createClient(protocol: ClientProtocol, target: ClientTarget): RequestClient {
  return new clients[protocol](target);
}
