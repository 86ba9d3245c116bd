import { setTimeout } from "node:timers/promises";
import { HarnessError } from "../errors.ts";
import type { HeaderList } from "../header-list.ts";
import type { Http2Error } from "../http2-errors.ts";
import { outgoingResponse, type ReceivedRequest, type StreamedResponse } from "../message.ts";
import { isFault, type Upstream, type UpstreamFault } from "../upstream.ts";
import { isHealthCheck } from "./health.ts";

/** A request that has come as a whole, and what can be done about it, in any version of HTTP. */
export interface Exchange {
  readonly request: ReceivedRequest;
  /** Sends the response; resolves when it has left, or when nobody wants it any more. */
  answer(response: StreamedResponse): Promise<void>;
  /** Sends a part of a response and breaks off; null sends nothing. */
  breakOff(part: StreamedResponse | null, streamError: Http2Error): Promise<void>;
  /** Closes the connection. */
  close(): void;
}

/** Lets the upstream deal with a request. */
export async function serve(upstream: Upstream, exchange: Exchange): Promise<void> {
  if (isHealthCheck(exchange.request)) return exchange.answer(upstream.health.answer());
  const reaction = await upstream.react(exchange.request);
  if (isFault(reaction)) return misbehave(reaction, exchange);
  refuseMetadata(reaction.metadata);
  if (reaction.delayMs > 0) await setTimeout(reaction.delayMs);
  await exchange.answer(reaction);
}

/** What is sent before a reset when the test does not say. */
const half = { headers: { "content-length": "100" }, body: "half an ans" };

async function misbehave(
  { fault, after = half, streamError = "INTERNAL_ERROR" }: UpstreamFault,
  exchange: Exchange,
): Promise<void> {
  if (fault === "refuse") exchange.close();
  if (fault === "reset")
    await exchange.breakOff(after === null ? null : outgoingResponse(after), streamError);
}

function refuseMetadata(metadata: HeaderList): void {
  if (metadata.size === 0) return;
  throw new HarnessError(
    "unsupported",
    'METADATA is a frame of HTTP/2 that this upstream cannot send: let the test say needs: ["http2-metadata"]',
  );
}
