import type { GrpcAnswer, GrpcUpstream, UpstreamFault } from "proxy-wasm-harness";
import { describe } from "vitest";
import { guest } from "../guests/guest.ts";
import { test } from "../project.ts";
import { expectParity } from "./parity.ts";
import { requiresEnvoy } from "./requires-envoy.ts";

const greet = "/pkg.Greeter/Greet";
const chat = "/pkg.Greeter/Chat";

describe("what a filter learns of a gRPC call", () => {
  // A table: one line an exchange.
  // prettier-ignore
  const exchanges: Array<[title: string, answer: GrpcAnswer | UpstreamFault, configuration?: object]> = [
    ["that is answered", { message: "\n\x02hi", initialMetadata: { "x-a": "1" }, metadata: { "x-b": "2" } }],
    ["that is answered twice", { messages: ["\n\x02hi", "\n\x02ho"] }],
    ["that is answered without a message", { messages: [] }],
    ["that is answered by an error", { status: 5, statusMessage: "50% ü {a}" }],
    ["that is answered by a message and an error", { message: "a", status: 3 }],
    ["that nobody takes", { fault: "refuse" }],
    ["that is reset", { fault: "reset" }],
    ["that nobody answers", { fault: "silence" }, { timeout_ms: 50 }],
    ["that is answered too late", { delayMs: 2_000 }, { timeout_ms: 50 }],
    ["that has no cluster", {}, { cluster: "nowhere" }],
    ["that is cancelled at once", {}, { cancel: true }],
  ];

  test.for(exchanges)("%s", async ([, answer, configuration = {}], { skip, envoys }) => {
    await requiresEnvoy(skip);

    await expectParity(envoys, {
      filter: guest("calls-grpc"),
      configuration,
      request: { method: "POST", body: "one" },
      greeter: (service) => service.unary(greet, answer),
    });
  });
});

describe("what a filter sees of a gRPC stream", () => {
  const echo = (service: GrpcUpstream): void =>
    service.stream(chat, async function* (call) {
      yield { initialMetadata: { "x-a": "1" } };
      for await (const message of call.messages) yield message;
      return { status: 10, statusMessage: "50% ü", metadata: { "x-b": "2" } };
    });
  const one = (service: GrpcUpstream): void =>
    service.stream(chat, async function* (call) {
      await call.messages.next();
      yield "one";
      await call.complete();
      return { fault: "silence" };
    });
  const ending = (end: GrpcAnswer | UpstreamFault) => (service: GrpcUpstream) => service.unary(chat, end);

  // A table: one line an exchange.
  // prettier-ignore
  const exchanges: Array<[title: string, service: (service: GrpcUpstream) => void, talk: object]> = [
    ["of both sides", echo, { request: ["open", "send", "send empty"], message: ["send last"], closed: ["resume"] }],
    ["that the filter closes", echo, { request: ["open", "send"], message: ["close"], closed: ["resume"] }],
    ["of the filter", ending({ message: "all", metadata: { "x-b": "2" } }), { request: ["open", "send", "send last"], closed: ["resume"] }],
    ["of the service", ending({ messages: ["one", "", "three"] }), { request: ["open", "close"], closed: ["resume"] }],
    ["that ends at once", ending({ status: 7, statusMessage: "no" }), { request: ["open", "send last"], closed: ["resume"] }],
    ["that is reset at once", ending({ fault: "reset" }), { request: ["open", "send last"], closed: ["resume"] }],
    ["that nobody takes", ending({ fault: "refuse" }), { request: ["open", "send last"], closed: ["resume"] }],
    ["that has no cluster", echo, { cluster: "nowhere", request: ["open", "resume"] }],
    ["that is cancelled at its first metadata", one, { request: ["open", "send"], initial_metadata: ["cancel", "resume"] }],
    ["that is cancelled at a message", one, { request: ["open", "send"], message: ["cancel", "resume"] }],
    ["that is cancelled later", one, { request: ["open", "send"], message: ["resume"], response: ["cancel"] }],
    ["that is cancelled at the log", one, { request: ["open", "send"], message: ["resume"], log: ["cancel"] }],
    ["whose HTTP stream is answered", one, { request: ["open", "send"], message: ["respond"] }],
    ["whose HTTP stream goes on", one, { request: ["open", "send"], message: ["resume"] }],
    ["that is over when a message is sent", echo, { request: ["open", "send last"], trailing_metadata: ["send"], closed: ["send", "resume"] }],
  ];

  test.for(exchanges)("%s", async ([, greeter, configuration], { skip, envoys }) => {
    await requiresEnvoy(skip);

    await expectParity(envoys, { filter: guest("streams-grpc"), configuration, request: {}, greeter });
  });
});

describe("what the host answers to a gRPC host call that the SDK never makes", () => {
  const silent = (service: GrpcUpstream): void => {
    service.unary(greet, { fault: "silence" });
    service.unary(chat, { fault: "silence" });
  };

  const exchanges: Array<[title: string, configuration: object]> = [
    ["to a cluster's bare name", { service: "greeter", request: ["call", "cancel", "stream", "cancel"] }],
    ["to no cluster's name", { service: "nowhere", request: ["call", "stream"] }],
    ["to a malformed service", { service: "\n\x03abc", request: ["call", "stream"] }],
    ["to an empty cluster", { service: "\n\x02\n\0", request: ["call", "stream"] }],
    ["of a number of another kind", { request: ["http token", "send", "close", "cancel"] }],
    ["of a call's number", { request: ["call", "send", "close", "close", "cancel"] }],
    ["of an unknown number", { request: ["stream", "cancel", "next token", "send", "close", "cancel"] }],
    ["after the last message", { request: ["stream", "send last", "send", "send last", "close", "cancel"] }],
    ["after a close", { request: ["stream", "close", "send", "close", "cancel", "cancel"] }],
  ];

  test.for(exchanges)("%s", async ([, configuration], { skip, envoys }) => {
    await requiresEnvoy(skip);

    await expectParity(envoys, { filter: guest("raw-grpc"), configuration, request: {}, greeter: silent });
  });
});
