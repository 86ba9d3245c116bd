import { once } from "node:events";
import http, { type IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";

/** The body of a GET, whatever the status. */
export async function getText(url: string, agent: http.Agent): Promise<string> {
  const [response] = (await once(http.get(url, { agent }), "response")) as [IncomingMessage];
  return text(response);
}
