import { Http1Client } from "../clients/http1-client.ts";

/** Sends requests over HTTP/1.1 to one port of this machine. */
export class HttpClient extends Http1Client {
  constructor(port: number) {
    super({ port });
  }
}
