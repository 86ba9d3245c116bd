import { expect } from "proxy-wasm-harness/vitest";
import { latin1, playing, playingOnce, step } from "./playing.ts";

// A table: one line a field that cannot be sent.
// prettier-ignore
const unsendable: Array<[what: string, name: string, value: string, body: string]> = [
  ["a value with CR and LF", "x-inj", "a\r\nx-admin: 1", "invalid header value for: x-inj"],
  ["a value with LF", "x-inj", "a\nx-admin: 1", "invalid header value for: x-inj"],
  ["a value with NUL", "x-inj", "a\0b", "invalid header value for: x-inj"],
  ["a name with a blank", "x inj", "a", "invalid header name: x inj"],
  ["a name with a line end", "x\r\ninj", "a", "invalid header name: x\\r\\ninj"],
];

for (const [what, name, value, body] of unsendable) {
  const adding = playingOnce([step("proxy_add_header_map_value", 0, name, value)]);

  adding.test(`20: ${what} is taken from the filter, and the request fails`, async ({ proxy, upstream }) => {
    const response = await proxy.get("/");

    expect(await adding.said(proxy)).toEqual([expect.stringMatching(/ → Ok$/)]);
    expect([response.status, response.text()]).toEqual([503, body]);
    expect(upstream.requests).toEqual([]);
  });
}

const reading = playingOnce([step("proxy_get_header_map_value", 0, "x-val")]);
const high = Uint8Array.from({ length: 128 }, (_, i) => 0x80 + i);

reading.test(
  "21: bytes from 0x80 on reach the filter and the upstream as they are",
  async ({ proxy, upstream }) => {
    expect(await proxy.get("/", { headers: [["x-val", high]] })).toHaveStatus(200);

    const shown = JSON.stringify(latin1(high));
    expect(await reading.said(proxy)).toEqual([expect.stringContaining(` → Ok ${shown.slice(0, 200)}`)]);
    expect(upstream.requests[0]?.headers.bytes("x-val")).toEqual(high);
  },
);

// A table: one line a target.
// prettier-ignore
const targets: Array<[path: string, body: string, details: string]> = [
  ["/größe", "Bad Request", "http1.codec_error"],
  ["/a\x7fb", "Bad Request", "http1.invalid_characters"],
  ["a", "Bad Request", "http1.codec_error"],
  ["?a", "Bad Request", "http1.codec_error"],
  ["*", "Bad Request", "http1.invalid_url"],
  ["/a#b", "", "path_normalization_failed"],
];

reading.test.for(targets)(
  "21: the path %j is answered with 400",
  async ([path, body, details], { proxy, upstream }) => {
    const response = await proxy.get(path);
    await proxy.settled();

    expect([response.status, response.text()]).toEqual([400, body]);
    expect(proxy.accessLog).toMatchObject([{ status: 400, details }]);
    expect(proxy.transcript.map(({ name }) => name)).not.toContain("proxy_on_request_headers");
    expect(upstream.requests).toEqual([]);
  },
);

reading.test.for(['/a"b<>', "//a", "/%zz?%", "/a?b=/?"])(
  "21: the path %j is taken",
  async (path, { proxy }) => {
    expect(await proxy.get(path)).toHaveStatus(200);
  },
);

reading.test("21: a target that is a URL names its host", async ({ proxy, upstream }) => {
  expect(await proxy.get("http://other/a?b")).toHaveStatus(200);

  expect(upstream.requests).toMatchObject([{ path: "/a?b", authority: "other" }]);
});

reading.test(
  "21: an asterisk is answered with 404, an empty path is a slash",
  async ({ proxy, upstream }) => {
    const options = await proxy.request({ method: "OPTIONS", path: "*" });
    const empty = await proxy.get("");
    await proxy.settled();

    expect([options.status, empty.status]).toEqual([404, 200]);
    expect(upstream.requests.map(({ path }) => path)).toEqual(["/"]);
    expect(proxy.accessLog).toMatchObject([
      { status: 404, details: "absolute_path_rejected" },
      { path: "/", status: 200 },
    ]);
  },
);

for (const path of ["", "*", "?a", "x"]) {
  const rewriting = playingOnce([step("proxy_replace_header_map_value", 0, ":path", path)]);

  rewriting.test(
    `21: a filter that makes the path ${JSON.stringify(path)} leaves it without a route`,
    async ({ proxy, upstream }) => {
      expect(await proxy.get("/")).toHaveStatus(404);
      await proxy.settled();

      expect(proxy.accessLog).toMatchObject([{ path, status: 404, details: "route_not_found" }]);
      expect(upstream.requests).toEqual([]);
    },
  );
}

reading.test.for(["/a b", "/a\nb", "/a\0b"])("21: the path %j cannot be sent", async (path, { proxy }) => {
  await expect(proxy.get(path)).rejects.toMatchObject({
    code: "invalid_input",
    message: expect.stringMatching(
      /^GET "\/a.*b" cannot be sent over HTTP\/1\.1: a path has no space/,
    ) as unknown,
  });
});

reading.test.for(["\0", "\x01", "\x7f", "\r", "\n"])(
  "21: the character %j cannot be sent",
  async (character, { proxy, upstream }) => {
    const refused = proxy.get("/", { headers: { "x-val": `a${character}b` } });

    await expect(refused).rejects.toMatchObject({ code: "invalid_input" });
    expect(upstream.requests).toEqual([]);
  },
);

const three = playingOnce([
  step("proxy_get_header_map_value", 0, "x-two"),
  step("proxy_get_header_map_value", 0, "x-empty"),
  step("proxy_get_header_map_value", 0, "x-none"),
]);

three.test(
  "22: of a repeated header the filter is given the first value, and the upstream all",
  async ({ proxy, upstream }) => {
    await proxy.get("/", { headers: [["x-two", "a"], ["x-empty", ""], ["x-two", "b"]] }); // prettier-ignore

    expect(await three.said(proxy)).toEqual([
      'proxy_get_header_map_value(0, "x-two") → Ok "a"',
      'proxy_get_header_map_value(0, "x-empty") → Ok ""',
      'proxy_get_header_map_value(0, "x-none") → NotFound unwritten',
    ]);
    expect(upstream.requests[0]?.headers.all("x-two")).toEqual(["a", "b"]);
  },
);

const nominated = playing({
  proxy_on_request_headers: [
    {
      steps: [
        step("proxy_get_header_map_value", 0, "x-val"),
        step("proxy_add_header_map_value", 0, "x-val", "added"),
      ],
    },
    { steps: [] },
  ],
});

nominated.test(
  "27: a header that Connection names is gone before the filter, which may add it",
  async ({ proxy, upstream }) => {
    await proxy.get("/", { headers: [["connection", "x-val, X-Other"], ["x-val", "hidden"], ["x-other", "1"]] }); // prettier-ignore

    expect((await nominated.said(proxy))[0]).toMatch(/"x-val"\) → NotFound/);
    expect(upstream.requests[0]?.headers.all("x-val")).toEqual(["added"]);
    expect(upstream.requests[0]?.headers.has("x-other")).toBe(false);
  },
);

nominated.test.for(["x-forwarded-for", "X-Forwarded-Proto", "x-forwarded-host", ":path"])(
  "27: a request whose Connection names %s is refused",
  async (name, { proxy, upstream }) => {
    const response = await proxy.get("/", { headers: [["connection", name], ["x-val", "1"]] }); // prettier-ignore

    expect(response).toHaveStatus(400);
    expect(upstream.requests).toEqual([]);
  },
);

const authority = playingOnce([step("proxy_get_header_map_value", 0, ":authority")]);

authority.test("28: two Host headers are one authority", async ({ proxy, upstream }) => {
  expect(await proxy.get("/", { authority: "a", headers: { host: "b" } })).toHaveStatus(200);

  expect(await authority.said(proxy)).toEqual([expect.stringMatching(/ → Ok "a,b"$/)]);
  expect(upstream.requests[0]?.authority).toBe("a,b");
});

const source = playingOnce([
  step("proxy_get_property", "source\0address"),
  step("proxy_get_property", "source\0port"),
]);

// A table: one line a list.
// prettier-ignore
const forwarded: Array<[what: string, values: string[], address: string]> = [
  ["an address", ["10.0.0.1"], "10.0.0.1:0"],
  ["the last of several", ["10.0.0.1, 10.0.0.2"], "10.0.0.2:0"],
  ["the last of two headers", ["10.0.0.1", "10.0.0.3"], "10.0.0.3:0"],
  ["an address of IPv6", ["2001:db8::1"], "[2001:db8::1]:0"],
  ["no address", ["unknown"], "127.0.0.1:…"],
  ["an address with a port", ["10.0.0.1:80"], "127.0.0.1:…"],
];

source.test.for(forwarded)(
  "29: a client chooses its own address by x-forwarded-for: %s",
  async ([, values, address], { proxy }) => {
    await proxy.get("/", { headers: values.map((value): [string, string] => ["x-forwarded-for", value]) });

    expect((await source.said(proxy))[0]).toBe(
      `proxy_get_property("source\\u0000address") → Ok ${JSON.stringify(address)}`,
    );
  },
);
