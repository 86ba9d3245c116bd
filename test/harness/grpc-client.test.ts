import { expect } from "vitest";
import { GrpcClient } from "../../harness/src/clients/grpc-client.ts";
import { GrpcServer } from "../../harness/src/envoy/grpc-server.ts";
import { GrpcUpstream } from "../../harness/src/grpc/upstream.ts";
import { test as base } from "./protocols-fixture.ts";

const method = "/chat.Chat/Say";
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

interface GrpcFixtures {
  service: GrpcUpstream;
  grpc: GrpcClient;
}

const test = base.extend<GrpcFixtures>({
  service: async ({}, use) => use(new GrpcUpstream()),
  grpc: async ({ service }, use) => {
    await using server = await GrpcServer.start(service);
    using client = new GrpcClient({ port: server.port });
    await use(client);
    client[Symbol.dispose]();
  },
});

test("a unary call has a message, metadata and a status in both directions", async ({ grpc, service }) => {
  const bytes = new Uint8Array([0, 0xff]);
  service.unary(method, {
    initialMetadata: { "x-first": "1" },
    message: bytes,
    metadata: [
      ["x-last", "2"],
      ["x-last", "3"],
    ],
  });

  const reply = await grpc.unary(method, bytes, { authority: "chat.example", metadata: { "x-a": "1" } });

  expect(reply).toMatchObject({ status: 0, statusMessage: "", message: bytes, messages: [bytes] });
  expect(reply.initialMetadata.get("x-first")).toBe("1");
  expect(reply.metadata.all("x-last").join(", ")).toBe("2, 3");
  expect(service.calls).toMatchObject([{ method, authority: "chat.example", received: [bytes] }]);
  expect(service.calls[0]?.metadata.get("x-a")).toBe("1");
});

test("metadata whose name ends in -bin is bytes, in base64 on the wire", async ({ grpc, service }) => {
  service.unary(method, { metadata: { "x-bin": "AP8=" } });

  const reply = await grpc.unary(method, "", { metadata: { "x-bin": new Uint8Array([0, 0xff]) } });

  expect(service.calls[0]?.metadata.get("x-bin")).toBe("AP8=");
  expect(reply.metadata.bytes("x-bin")).toEqual(new Uint8Array([0, 0xff]));
});

test.for([
  ["an error's status and message", 7, "not \u00fcber"],
  ["an error's status alone", 13, ""],
] as const)("%s comes back as a reply", async ([, status, statusMessage], { grpc, service }) => {
  service.unary(method, { status, statusMessage });

  expect(await grpc.unary(method, "a")).toMatchObject({ status, statusMessage, messages: [] });
});

test("both ends stream, in turns", async ({ grpc, service }) => {
  service.stream(method, async function* (call) {
    for await (const message of call.messages) yield `${text(message)}!`;
    return { status: 0, metadata: { "x-count": String(call.received.length) } };
  });
  const call = grpc.stream(method);

  await call.send("one");
  expect(text(await call.receive())).toBe("one!");
  await call.send("two");
  expect(text(await call.receive())).toBe("two!");
  await call.end();

  expect((await call.ended).metadata.get("x-count")).toBe("2");
  await expect(call.receive()).rejects.toThrow(`${method} ended with 0, and no message is left`);
});

test("the initial metadata comes before the first message", async ({ grpc, service }) => {
  const asked = Promise.withResolvers<null>();
  service.stream(method, async function* () {
    yield { initialMetadata: { "x-first": "1" } };
    await asked.promise;
    yield "done";
  });
  const call = grpc.stream(method);

  expect((await call.initialMetadata).get("x-first")).toBe("1");
  asked.resolve(null);

  expect((await call.reply()).messages.map(text)).toEqual(["done"]);
});

test("a call that is cancelled ends at both ends", async ({ grpc, service }) => {
  service.stream(method, async function* () {
    yield "first";
    return { fault: "silence" };
  });
  const call = grpc.stream(method);
  await call.receive();

  call.cancel();

  expect(await call.ended).toMatchObject({ status: 1 });
  await expect.poll(() => service.calls[0]?.isCancelled).toBe(true);
});

test("a call ends at its deadline", async ({ grpc, service }) => {
  service.unary(method, { fault: "silence" });

  expect(await grpc.unary(method, "", { deadlineMs: 50 })).toMatchObject({ status: 4 });
});

test("a call to a port on which nobody listens is unavailable", async ({ serve }) => {
  const server = await serve();
  server.closePort();
  using client = new GrpcClient(server);

  const reply = await client.unary(method, "");

  expect(reply).toMatchObject({ status: 14, statusMessage: expect.stringContaining("ECONNREFUSED") });
});

test("a call that is open when its client is disposed of is cancelled", async ({ grpc, service }) => {
  service.stream(method, async function* (call) {
    yield "first";
    await call.complete();
  });
  const call = grpc.stream(method);
  await call.receive();

  grpc[Symbol.dispose]();

  expect(await call.ended).toMatchObject({ status: 1 });
});
