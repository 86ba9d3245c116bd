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

const chunked = { "transfer-encoding": "chunked" };
const trailers = { "x-sum": "6" };

/** A test whose filter does these edits in one callback. */
const inside = (where: string, configuration: object): FilterTest =>
  filterTest(guest("edits-fields"), { in: where, ...configuration });

inside("request_headers", { edits: [{ do: "names" }] })(
  "names are listed once, in the order of their first fields",
  async ({ proxy }) => {
    await proxy.get("/", { headers: [["x-a", "1"], ["x-b", "1"], ["X-A", "2"]] }); // prettier-ignore
    await proxy.settled();

    const names = proxy.logs.filter(({ level }) => level === "info").map(({ message }) => message);
    expect(names.filter((name) => name.startsWith("name: x-") && name.length === 9)).toEqual([
      "name: x-a",
      "name: x-b",
    ]);
  },
);

inside("response_headers", {
  edits: [{ do: "replace_all" }, { do: "read", name: "x-b" }],
  fields: [
    [":status", "201"],
    ["x-b", "1"],
    ["x-b", "2"],
  ],
})("all fields are replaced, and read anew", async ({ proxy, upstream }) => {
  upstream.respond({ headers: { "x-a": "1" }, body: [] });
  const response = await proxy.get("/");
  await proxy.settled();

  expect(response).toHaveStatus(201);
  expect(response.headers.all("x-b")).toEqual(["1", "2"]);
  expect(response.headers.has("x-a")).toBe(false);
  expect(proxy.logs).toHaveLogged("info", "value: 1");
});

inside("request_headers", { edits: [{ do: "flood" }] })(
  "a list grows to what the host takes, and no further",
  async ({ proxy }) => {
    expect(await proxy.get("/")).toHaveStatus(200);
    await proxy.settled();

    expect(proxy.logs).toHaveLogged("info", "many: 1024");
    expect(proxy.logs).toHaveLogged("info", "large: 3");
    expect(proxy.logs).toHaveLogged("error", "a header was refused: the list has 1024 fields");
  },
);

const changes = {
  edits: [
    { do: "read", name: "x-sum" },
    { do: "add", name: "x-a", value: "1" },
    { do: "set", name: "x-sum", value: "7" },
    { do: "remove", name: "x-b" },
  ],
};

inside("request_trailers", changes)(
  "trailers of a request are read and changed",
  async ({ proxy, upstream }) => {
    await proxy.post("/", "one", { trailers: { ...trailers, "x-b": "1" } });
    await proxy.settled();

    expect(upstream.requests[0]?.trailers.toString()).toBe("x-a: 1\nx-sum: 7");
    expect(proxy.logs).toHaveLogged("info", "value: 6");
  },
);

inside("response_trailers", changes)(
  "trailers of a response are read and changed",
  async ({ proxy, upstream }) => {
    upstream.respond({ body: "one", trailers: { ...trailers, "x-b": "1" } });
    const response = await proxy.get("/");
    await proxy.settled();

    expect(response.trailers.toString()).toBe("x-a: 1\nx-sum: 7");
    expect(proxy.logs).toHaveLogged("info", "value: 6");
  },
);

const adding = { edits: [{ do: "add", name: "x-sum", value: "6" }] };

inside("request_body", adding)(
  "a request gets trailers at the end of its body",
  async ({ proxy, upstream }) => {
    await proxy.post("/", "one", { headers: chunked });

    expect(upstream.requests[0]?.trailers.get("x-sum")).toBe("6");
  },
);

inside("response_body", adding)(
  "a response gets trailers at the end of its body",
  async ({ proxy, upstream }) => {
    upstream.respond({ headers: chunked, body: "one" });

    expect((await proxy.get("/")).trailers.get("x-sum")).toBe("6");
  },
);

inside("request_body", adding)(
  "a body of announced length loses its trailers",
  async ({ proxy, upstream }) => {
    expect(await proxy.post("/", "one")).toHaveStatus(200);

    expect(upstream.requests[0]?.trailers.size).toBe(0);
  },
);

inside("request_body", { ...adding, at_end: false })(
  "a trailer before the end of the body is refused, and said",
  async ({ proxy }) => {
    await proxy.post("/", "one", { headers: chunked, trailers });
    await proxy.settled();

    expect(proxy.logs).toHaveLogged(
      "error",
      "a trailer for the request was refused in the request body's callback: this is not the end of its body: " +
        "add it where endOfStream is true",
    );
  },
);

for (const where of ["request_headers_late", "log"]) {
  for (const [kind, hostCall] of [
    ["add", "proxy_add_header_map_value"],
    ["set", "proxy_replace_header_map_value"],
    ["remove", "proxy_remove_header_map_value"],
    ["replace_all", "proxy_set_header_map_pairs"],
  ] as const) {
    inside(where, { edits: [{ do: kind, name: "x-a", value: "1" }] })(
      `${kind} in ${where} is refused with one log line, and the stream goes on`,
      async ({ proxy }) => {
        expect(await proxy.get("/")).toHaveStatus(200);
        await proxy.settled();

        const errors = proxy.logs.filter(({ level }) => level === "error");
        expect(errors.map(({ message }) => message)).toEqual([
          `${hostCall} was refused by the host with status BadArgument (2)`,
        ]);
      },
    );
  }
}

const asking = filterTest(guest("asks-for-one"));

asking("a filter that asks for one value is given that one, from the second time on", async ({ proxy }) => {
  const values: Array<[headers: Array<[string, string]>, said: string]> = [
    [[["x-a", "1"]], '"1"'],
    [[["x-a", "1"], ["x-a", "2"]], '"1"'],
    [[["x-b", "1"]], "absent"],
    [[["x-a", ""]], '""'],
  ]; // prettier-ignore
  for (const [headers] of values) await proxy.get("/", { headers });
  await proxy.settled();

  const lines = proxy.logs.filter(({ level }) => level === "info").map(({ message }) => message);
  const expected = values.flatMap(([, said]) => [`request: ${said}`, "response: absent", `log: ${said}`]);
  expect(lines).toEqual(expected);
  const calls = proxy.transcript.filter(({ name }) => name.startsWith("proxy_get_header_map_"));
  expect(calls.filter(({ name }) => name === "proxy_get_header_map_pairs")).toHaveLength(2);
});

filterTest(guest("asks-for-one"), { name: "Host" })(
  "the header Host is :authority, and under its own name never there, however it is asked for",
  async ({ proxy }) => {
    for (let i = 0; i < 3; i++) await proxy.get("/");
    await proxy.settled();

    const lines = proxy.logs.map(({ message }) => message);
    expect(new Set(lines)).toEqual(new Set(["request: absent", "response: absent", "log: absent"]));
  },
);
