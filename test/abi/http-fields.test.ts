import { expect, filterTest, type FilterTest } from "proxy-wasm-harness/vitest";
import { guest } from "../guests/guest.ts";

interface Edit {
  readonly do: "add" | "set" | "remove";
  readonly name: string;
  readonly value?: string;
}

const editing = (...edits: Edit[]): FilterTest => filterTest(guest("echo-headers"), { log: true, edits });
const logging = editing();

logging("all headers are read in one host call, in order, repeated ones apart", async ({ proxy }) => {
  await proxy.get("/", { headers: [["X-A", "1"], ["x-b", ""], ["x-a", "2"]] }); // prettier-ignore
  await proxy.settled();

  const infos = proxy.logs.filter(({ level }) => level === "info");
  const names = infos.map(({ message }) => message.replace(/(x-request-id)=.*/, "$1"));
  expect(names).toEqual([
    ...[":authority=localhost", ":path=/", ":method=GET", ":scheme=http"],
    ...["x-a=1", "x-b=", "x-a=2", "x-forwarded-proto=http", "x-request-id"],
  ]);
  expect(proxy.transcript.filter(({ name }) => name === "proxy_get_header_map_pairs")).toHaveLength(1);
});

editing({ do: "add", name: "x-a", value: "2" })(
  "a value is added beside another",
  async ({ proxy, upstream }) => {
    await proxy.get("/", { headers: { "x-a": "1" } });

    expect(upstream.requests[0]?.headers.all("x-a")).toEqual(["1", "2"]);
  },
);

editing({ do: "set", name: "x-a", value: "3" })(
  "a value is set over all others",
  async ({ proxy, upstream }) => {
    await proxy.get("/", { headers: [["x-a", "1"], ["x-a", "2"]] }); // prettier-ignore

    expect(upstream.requests[0]?.headers.all("x-a")).toEqual(["3"]);
  },
);

editing({ do: "remove", name: "X-A" })(
  "every value is removed, whatever the case",
  async ({ proxy, upstream }) => {
    await proxy.get("/", { headers: [["x-a", "1"], ["x-a", "2"], ["x-b", "1"]] }); // prettier-ignore

    expect(upstream.requests[0]?.headers.has("x-a")).toBe(false);
    expect(upstream.requests[0]?.headers.get("x-b")).toBe("1");
  },
);

for (const [what, name, value] of [
  ["a name with a blank", "x a", "1"],
  ["an empty name", "", "1"],
  ["a name beyond ASCII", "x-é", "1"],
  ["a value with a line feed", "x-a", "1\nx-b: 2"],
  ["a value with a carriage return", "x-a", "1\r"],
  ["a value with NUL", "x-a", "1\0"],
] as const) {
  editing({ do: "set", name, value })(`${what} never reaches the host`, async ({ proxy, upstream }) => {
    const response = await proxy.get("/");
    await proxy.settled();

    expect(response).toHaveStatus(200); // Envoy would answer 503
    expect(upstream.requests[0]?.headers.has(name)).toBe(false);
    expect(proxy.transcript.map((entry) => entry.name)).not.toContain("proxy_replace_header_map_value");
    expect(proxy.logs).toHaveLogged("error", /header/);
  });
}

const responding = filterTest(guest("echo-headers"), { response_header: "é" });

responding("a response header is added byte for byte", async ({ proxy }) => {
  expect(await proxy.get("/")).toHaveHeader("x-echo", Uint8Array.of(0xc3, 0xa9));
});
