import type { DescMessage } from "@bufbuild/protobuf";
import type { Resource } from "./resource.ts";

/** What both variants of xDS say in a request. */
export interface Demand {
  /** Null when the client has said it before, on the same stream. */
  readonly node: string | null;
  readonly typeUrl: string;
  /** Of the response that is answered; empty when none is. */
  readonly nonce: string;
  /** Why that response is refused; null when it is not. */
  readonly error: string | null;
  /** `all`: these names and no others are wanted. */
  readonly names: NameChange | { readonly all: readonly string[] };
  /** What a client has that was connected before: the version of each resource, or one of all. */
  readonly has: Readonly<Record<string, string>> | string;
}

export interface NameChange {
  readonly subscribe: readonly string[];
  readonly unsubscribe: readonly string[];
}

/** What both variants say in a response. */
export interface Answer {
  readonly typeUrl: string;
  readonly nonce: string;
  /** Of all that the client is subscribed to. */
  readonly version: string;
  readonly resources: readonly Resource[];
  readonly removed: readonly string[];
}

/** A variant of xDS, as bytes. */
export interface Protocol {
  readonly variant: "delta" | "sotw";
  /** The full name of the request's message, by which a method is recognised. */
  readonly request: DescMessage;
  decode(bytes: Uint8Array): Demand;
  encode(answer: Answer): Uint8Array;
}
