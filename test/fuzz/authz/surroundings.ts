import fc from "fast-check";
import type { Field } from "../host/fields.ts";
import type { ForeignAnswer } from "../host/state.ts";
import { keySet } from "./keys.ts";
import { peerAddress } from "./requests.ts";

/** What happens beside the requests: the service that has the keys answers, or time goes by. */
export type AuthzEvent =
  | { readonly kind: "answer"; readonly headers: readonly Field[]; readonly body: string }
  | { readonly kind: "tick"; readonly by: number };

const latin1 = (text: string): string => Buffer.from(text).toString("latin1");

/** What the host knows of a connection. */
export const connection = fc.record(
  {
    "source\0address": peerAddress,
    "connection\0mtls": fc.constantFrom("\x01", "\x00", ""),
    "connection\0uri_san_peer_certificate": fc.constantFrom("spiffe://a", "", "admin"),
    "connection\0dns_san_peer_certificate": fc.constantFrom("a.b", "", "admin"),
  },
  { requiredKeys: [] },
);
/** What it says to a signature. */
export const signatureAnswer = fc.constantFrom<ForeignAnswer>(
  { status: 0, bytes: "\x08\x01" },
  { status: 0, bytes: "\x08\x01" },
  { status: 0, bytes: "\x08\x00\x12\x01x" },
  { status: 0, bytes: "\xff" },
  { status: 1, bytes: "" },
  { status: 2, bytes: "" },
);
/** Answers with keys, failures of each kind, and ticks. */
export const event: fc.Arbitrary<AuthzEvent> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .tuple(
        fc.constantFrom("200", "200", "200", "404", "0", "x", "504", "503"),
        keySet,
        fc.constantFrom(0, 0, 0, 65_537),
      )
      .map(([status, body, padding]): AuthzEvent => ({
        kind: "answer",
        headers: [[":status", status]],
        body: latin1(body) + " ".repeat(padding),
      })),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(
        fc.constantFrom("503", "504"),
        fc.constantFrom(
          "upstream request timeout",
          "no healthy upstream",
          "upstream connect error or disconnect",
          "",
        ),
      )
      .map(([status, body]): AuthzEvent => ({
        kind: "answer",
        headers: [
          [":status", status],
          ["content-length", String(body.length)],
          ["content-type", "text/plain"],
        ],
        body,
      })),
  },
  { weight: 1, arbitrary: fc.constant<AuthzEvent>({ kind: "answer", headers: [], body: "" }) },
  { weight: 2, arbitrary: fc.constantFrom(0, 1, 2).map((by): AuthzEvent => ({ kind: "tick", by })) },
);
