import { expect, filterTest } from "proxy-wasm-harness/vitest";
import { guest } from "../guests/guest.ts";
import { messageFor, steering } from "./steering.ts";

const details = "rate_limited_here";

for (const by of ["callback", "callout", "timer"]) {
  for (const phase of ["request_headers", "request_body", "request_trailers", "response_headers"]) {
    const replying = steering({ in: phase, do: ["respond_fully"], pause: true, by });

    replying(
      `a local reply in ${phase} by the ${by} has status, headers, body and details`,
      async ({ proxy }) => {
        const response = await proxy.request({ method: "POST", path: "/a", ...messageFor(phase) });
        await proxy.settled();

        expect(response).toHaveStatus(429);
        expect(response.headers.all("x-limit")).toEqual(["a", "b"]);
        expect(response.headers.all("content-type")).toEqual(["text/html"]);
        expect(response.text()).toBe("come back later");
        expect(proxy.accessLog).toEqual([{ method: "POST", path: "/a", status: 429, details }]);
      },
    );

    replying(
      `a gRPC request answered in ${phase} by the ${by} has the gRPC status`,
      async ({ proxy, upstream }) => {
        upstream.respond({ headers: { "content-type": "application/grpc" } });
        const message = messageFor(phase);
        const headers = { ...message.headers, "content-type": "application/grpc" };
        const response = await proxy.request({ method: "POST", ...message, headers });
        await proxy.settled();

        expect(response).toHaveStatus(200);
        expect(response).toHaveHeader("grpc-status", "8");
        expect(response).toHaveHeader("grpc-message", "come back later");
        expect(response.headers.all("x-limit")).toEqual(["a", "b"]);
        expect(response.body).toHaveLength(0);
        expect(proxy.accessLog[0]?.details).toBe(details);
      },
    );
  }
}

filterTest(guest("raw/replies-when-created"))(
  "a stream that is answered as its context is created needs no callback for its request",
  async ({ proxy, upstream }) => {
    expect(await proxy.get("/")).toHaveStatus(403);
    await proxy.settled();

    expect(upstream.requests).toHaveLength(0);
  },
);
