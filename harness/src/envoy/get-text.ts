import { once } from "node:events";
import http, { type IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";

/** The body of the answer to a request without a body, whatever the status. */
export async function getText(url: string, agent: http.Agent, method = "GET"): Promise<string> {
  const [response] = (await once(http.request(url, { agent, method }).end(), "response")) as [
    IncomingMessage,
  ];
  return text(response);
}
