import { HeaderList, type HeadersInput } from "../header-list.ts";
import type { UpstreamFault } from "../upstream.ts";

/**
 * A message in its binary form. Text is sent as UTF-8.
 *
 * @category Program the upstream
 */
export type GrpcMessage = Uint8Array | string;

/**
 * How a call ends.
 *
 * @category Program the upstream
 */
export interface GrpcEnd {
  /** The status code, 0 to 16. Default 0, OK. */
  status?: number;
  /** What the status says in words. Default "". */
  statusMessage?: string;
  /** The trailing metadata. Default none. */
  metadata?: HeadersInput;
}

/**
 * The whole answer to a unary call, or to one that streams in one direction.
 *
 * @category Program the upstream
 */
export interface GrpcAnswer extends GrpcEnd {
  /** The metadata before the first message. Default none. */
  initialMetadata?: HeadersInput;
  /** The only message. Default: none with an error's status, else an empty one. */
  message?: GrpcMessage;
  /** Several messages, in place of `message`. */
  messages?: readonly GrpcMessage[];
  /** How long the service takes before it answers. Default 0. In the embedded backend nobody waits for it. */
  delayMs?: number;
}

/**
 * What a service that streams does next: send a message, or the initial metadata before the first one, or take its time.
 *
 * @category Program the upstream
 */
export type GrpcStep =
  | GrpcMessage
  | {
      /** The metadata before the first message. */
      readonly initialMetadata: HeadersInput;
    }
  | {
      /** How long the service takes before it goes on. */
      readonly delayMs: number;
    };

/** What a service does, for a backend: nothing left to default. */
export type GrpcEvent =
  | { readonly kind: "delay"; readonly delayMs: number }
  | { readonly kind: "initial"; readonly metadata: HeaderList }
  | { readonly kind: "message"; readonly bytes: Uint8Array }
  | {
      readonly kind: "end";
      readonly status: number;
      readonly statusMessage: string;
      readonly metadata: HeaderList;
    }
  | { readonly kind: "fault"; readonly fault: UpstreamFault["fault"] };

const utf8 = new TextEncoder();

export function eventOfStep(step: GrpcStep): GrpcEvent {
  if (typeof step === "string") return { kind: "message", bytes: utf8.encode(step) };
  if (step instanceof Uint8Array) return { kind: "message", bytes: step };
  if ("delayMs" in step) return { kind: "delay", delayMs: step.delayMs };
  return { kind: "initial", metadata: HeaderList.from(step.initialMetadata) };
}

export function eventOfEnd({ status = 0, statusMessage = "", metadata }: GrpcEnd): GrpcEvent {
  return { kind: "end", status, statusMessage, metadata: HeaderList.from(metadata) };
}

/** An answer as the events that it comes to. */
export function eventsOfAnswer(answer: GrpcAnswer): GrpcEvent[] {
  const { delayMs, initialMetadata, messages = messagesOf(answer) } = answer;
  const steps: GrpcStep[] = [...messages];
  if (initialMetadata !== undefined) steps.unshift({ initialMetadata });
  if (delayMs !== undefined) steps.unshift({ delayMs });
  return [...steps.map(eventOfStep), eventOfEnd(answer)];
}

function messagesOf({ message, status = 0 }: GrpcAnswer): readonly GrpcMessage[] {
  return message !== undefined ? [message] : status === 0 ? [""] : [];
}
