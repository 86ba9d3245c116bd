import { expect } from "proxy-wasm-harness/vitest";
import { step } from "../differential/flows/step.ts";
import { playing } from "../faults/playing.ts";

/** A serialised `GrpcService` with the cluster `none`: the call's end comes as soon as the callback has returned. */
const nowhere = "\n\x06\n\x04none";
const status = step("proxy_get_status");

/** What the status is after a call that has failed. */
const program = {
  proxy_on_request_headers: {
    steps: [step("proxy_grpc_call", nowhere, "pkg.Greeter", "Greet", [], "", 5_000)],
  },
  proxy_on_grpc_close: { steps: [status] },
  proxy_on_request_body: { steps: [status] },
};
const called = `proxy_grpc_call(${JSON.stringify(nowhere)}, "pkg.Greeter", "Greet", [], "", 5000) → InternalFailure`;

const told = playing(program);

told.test(
  "a module that is told how a gRPC call ended can read the status from then on",
  async ({ proxy }) => {
    await proxy.post("/", "body");

    expect(await told.said(proxy)).toEqual([
      expect.stringContaining(called),
      'proxy_get_status() → Ok 14 "Cluster not available"',
      'proxy_get_status() → Ok 14 ""',
    ]);
  },
);

const deaf = playing(program, { player: "plays-deaf-to-grpc" });

deaf.test("a module without proxy_on_grpc_close has no status", async ({ proxy }) => {
  await proxy.post("/", "body");

  expect(await deaf.said(proxy)).toEqual([expect.stringContaining(called), 'proxy_get_status() → Ok 0 ""']);
});
