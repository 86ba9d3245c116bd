import type { HeaderList } from "../header-list.ts";
import type { OutgoingResponse, ReceivedRequest } from "../message.ts";
import { isFault, type UpstreamFault } from "../upstream.ts";
import { BodyBuffer, concatBytes } from "./body-buffer.ts";
import type { GuestCallout } from "./callouts.ts";
import { HeaderMap } from "./header-map.ts";
import { responseFields, sentTrailers, withoutPseudo } from "./http1.ts";

// What Envoy's asynchronous HTTP client makes of messages, as seen on Envoy 1.40.

/** The end of a callout as the guest can read it; without headers when the answer broke off. */
export interface CalloutAnswer {
  readonly headers: HeaderList | null;
  readonly body: BodyBuffer;
  readonly trailers: HeaderList | null;
}

/** The request as the service receives it. */
export function calloutRequest({ headers, body, trailers, timeoutMs }: GuestCallout): ReceivedRequest {
  const fields = new HeaderMap("request", headers.inTurn);
  if (body.length > 0) fields.set("content-length", String(body.length));
  const sent = withoutPseudo(fields);
  sent.add("x-envoy-internal", "true");
  if (timeoutMs > 0) sent.add("x-envoy-expected-rq-timeout-ms", String(timeoutMs));
  return {
    method: fields.get(":method") ?? "",
    path: fields.get(":path") ?? "",
    authority: fields.get(":authority") ?? "",
    headers: sent,
    body,
    trailers: sentTrailers(sent, trailers),
  };
}

/** What a service's answer, or its fault, comes to. */
export function answerTo(reaction: OutgoingResponse | UpstreamFault): CalloutAnswer {
  if (!isFault(reaction)) return answered(reaction);
  if (reaction.fault === "reset") return { headers: null, body: readOnly(new Uint8Array()), trailers: null };
  const text =
    "upstream connect error or disconnect/reset before headers. reset reason: connection termination";
  return localAnswer(503, text);
}

/** Envoy's own answer when a service's does not come in time. */
export function timedOut(): CalloutAnswer {
  return localAnswer(504, "upstream request timeout");
}

function answered(response: OutgoingResponse): CalloutAnswer {
  const { chunks, trailers } = response;
  return {
    headers: responseFields(response, "GET"),
    body: readOnly(concatBytes(chunks)),
    trailers: trailers.size === 0 ? null : trailers.copy(),
  };
}

function localAnswer(status: number, text: string): CalloutAnswer {
  const body = new TextEncoder().encode(text);
  const headers = new HeaderMap("response", [
    ...[":status", String(status)],
    ...["content-length", String(body.length)],
    ...["content-type", "text/plain"],
  ]);
  return { headers, body: readOnly(body), trailers: null };
}

function readOnly(bytes: Uint8Array): BodyBuffer {
  return new BodyBuffer(bytes, { readOnly: true });
}
