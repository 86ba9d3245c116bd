import { expect, filterTest, type FilterTest } from "proxy-wasm-harness/vitest";
import { guest } from "../guests/guest.ts";

const replying = (reply: object): FilterTest => filterTest(guest("echo-headers"), { reply });
const reply = { status: 418, details: "no coffee here", body: "short and stout" };

replying(reply)(
  "a local reply has status, body and details, and the upstream is not reached",
  async ({ proxy, upstream }) => {
    const response = await proxy.get("/");
    await proxy.settled();

    expect(response).toHaveStatus(418);
    expect(response.text()).toBe("short and stout");
    expect(response).toHaveHeader("content-type", "text/plain");
    expect(proxy.accessLog).toEqual([{ method: "GET", path: "/", status: 418, details: "no_coffee_here" }]);
    expect(upstream.requests).toEqual([]);
  },
);

replying({
  ...reply,
  headers: [
    ["x-a", "1"],
    ["x-a", "2"],
  ],
})("a local reply has headers, repeated ones too", async ({ proxy }) => {
  const response = await proxy.get("/");

  expect(response.headers.all("x-a")).toEqual(["1", "2"]);
});

replying({ ...reply, grpc_status: 7 })(
  "a gRPC request gets the gRPC status, and the body as its message",
  async ({ proxy }) => {
    const response = await proxy.post("/", "", { headers: { "content-type": "application/grpc" } });

    expect(response).toHaveStatus(200);
    expect(response).toHaveHeader("grpc-status", "7");
    expect(response).toHaveHeader("grpc-message", "short and stout");
  },
);

for (const status of [0, 99, 100, 600, 999]) {
  replying({ ...reply, status })(
    `status ${status}, which Envoy would send as it is, becomes 500`,
    async ({ proxy }) => {
      const response = await proxy.get("/");
      await proxy.settled();

      expect(response).toHaveStatus(500);
      expect(proxy.logs).toHaveLogged("error", `status ${status} was refused`);
    },
  );
}
