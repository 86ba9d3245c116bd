import type { GrpcEvent } from "../grpc/messages.ts";
import { HeaderList } from "../header-list.ts";
import type { UpstreamFault } from "../upstream.ts";
import { BodyBuffer } from "./body-buffer.ts";
import { HeaderMapType } from "./context.ts";

// What Envoy's own gRPC client makes of what a service does, as seen on Envoy 1.40.

/** One callback of a call or a stream, with what the guest can read in it. */
export type GrpcPart =
  | { readonly callback: "proxy_on_grpc_receive"; readonly number: number; readonly body: BodyBuffer }
  | { readonly callback: "proxy_on_grpc_close"; readonly number: number; readonly message: string }
  | {
      readonly callback: "proxy_on_grpc_receive_initial_metadata" | "proxy_on_grpc_receive_trailing_metadata";
      readonly number: number;
      readonly map: number;
      readonly fields: HeaderList;
    };

export type GrpcEndEvent = Extract<GrpcEvent, { kind: "end" }>;
export type Broken = Exclude<UpstreamFault["fault"], "silence">;

const internal = 13;
const unavailable = 14;

export function initialMetadata(fields: HeaderList): GrpcPart {
  const map = HeaderMapType.GrpcReceiveInitialMetadata;
  return { callback: "proxy_on_grpc_receive_initial_metadata", number: fields.size, map, fields };
}

export function trailingMetadata(fields: HeaderList): GrpcPart {
  const map = HeaderMapType.GrpcReceiveTrailingMetadata;
  return { callback: "proxy_on_grpc_receive_trailing_metadata", number: fields.size, map, fields };
}

export function receivedMessage(bytes: Uint8Array): GrpcPart {
  const body = new BodyBuffer(bytes, { readOnly: true });
  return { callback: "proxy_on_grpc_receive", number: bytes.length, body };
}

export function closed(number: number, message: string): GrpcPart {
  return { callback: "proxy_on_grpc_close", number, message };
}

type Fields = Iterable<readonly [string, Uint8Array | string]>;

/** A block of headers with which an answer begins. Envoy adds how long it took where the request is complete by then. */
export function answerHeaders(metadata: Fields, isRequestComplete: boolean): HeaderList {
  const fields = HeaderList.from([[":status", "200"], ["content-type", "application/grpc"], ...metadata]);
  if (isRequestComplete) fields.add("x-envoy-upstream-service-time", "0");
  return fields;
}

/** What a service says at the end. */
export function endFields({ status, statusMessage, metadata }: GrpcEndEvent): HeaderList {
  const fields = HeaderList.from({ "grpc-status": String(status) });
  if (statusMessage !== "") fields.add("grpc-message", encodeURI(statusMessage));
  for (const [name, value] of metadata) fields.add(name, value);
  return fields;
}

/** The end that a service itself has made: Envoy says behind its words that it has spoken. */
export function closedByService({
  status,
  statusMessage,
}: Pick<GrpcEndEvent, "status" | "statusMessage">): GrpcPart {
  return closed(status, statusMessage === "" ? "via_upstream" : `${encodeURI(statusMessage)}{via_upstream}`);
}

/** A call whose service says OK, and has no message. */
export const closedWithoutMessage = closed(internal, "");

/** What Envoy says in a service's place: the text of its local reply, and the details of that. */
export interface LocalEnd {
  readonly text: string;
  readonly details: string;
}

export const timedOut: LocalEnd = { text: "upstream request timeout", details: "response_timeout" };

/** The end of a call whose answer had begun when its time was over. */
export const timedOutLate = closed(internal, timedOut.details);

/** There is no room for it. */
export const overflown: LocalEnd = {
  text: "upstream connect error or disconnect/reset before headers. reset reason: overflow",
  details: "upstream_reset_before_response_started{overflow}",
};

/** What a stream is told before it is closed, when it never reached the service. */
export function localAnswer(end: LocalEnd): GrpcPart[] {
  return [initialMetadata(new HeaderList()), localTrailers(end)];
}

export function unreachable(fault: Broken): LocalEnd {
  const reason = fault === "refuse" ? "connection termination" : "remote reset";
  return {
    text: `upstream connect error or disconnect/reset before headers. reset reason: ${reason}`,
    details: `upstream_reset_before_response_started{${reason.replace(" ", "_")}}`,
  };
}

/** What Envoy's local reply is to a stream, before it is closed. */
function localTrailers({ text }: LocalEnd): GrpcPart {
  return trailingMetadata(
    answerHeaders(Object.entries({ "grpc-status": String(unavailable), "grpc-message": text }), false),
  );
}

export function closedLocally({ text, details }: LocalEnd): GrpcPart {
  return closed(unavailable, `${text}{${details}}`);
}

export const brokenOff = closed(internal, "upstream_reset_after_response_started{remote_reset}");
