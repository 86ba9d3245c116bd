import { Http1Client } from "../clients/http1-client.ts";
import type { Address } from "./supervised-envoy.ts";

/** Sends requests over HTTP/1.1 to one listener. */
export class HttpClient extends Http1Client {
  constructor({ host, port }: Address) {
    super({ host, port });
  }
}
