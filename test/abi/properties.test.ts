import { expect, filterTest, type FilterTest } from "proxy-wasm-harness/vitest";
import { guest } from "../guests/guest.ts";

const settings = (route: object, virtualHost: object = {}): FilterTest =>
  filterTest(guest("route-settings"), undefined, {
    virtualHost: {
      metadata: { "route-settings": virtualHost },
      routes: [
        { prefix: "/a", name: "route-a", metadata: { other: { text: "not ours" }, "route-settings": route } },
        { prefix: "/b", metadata: { "route-settings": { text: "b" } } },
        { prefix: "/none", metadata: { other: { text: "not ours" } } },
      ],
    },
  });

const complete = settings(
  { text: 'é "quoted"', number: -7, on: true, words: [{ word: "one" }, { word: "" }, { word: "three" }] },
  { text: "of the host" },
);

complete("a route's settings are read with all types", async ({ proxy, upstream }) => {
  await proxy.get("/a/b");

  expect(upstream.requests[0]?.headers.get("x-settings")).toBe('é "quoted" -7 true one  three');
});

complete("where a route has none, the virtual host's are", async ({ proxy, upstream }) => {
  await proxy.get("/none");
  await proxy.get("/elsewhere");

  expect(upstream.requests.map(({ headers }) => headers.get("x-settings"))).toEqual([
    ...["of the host 0 false", "of the host 0 false"],
  ]);
});

complete("settings are decoded once for each route", async ({ proxy, upstream }) => {
  for (const path of ["/a", "/b", "/a", "/b", "/a"]) await proxy.get(path);

  expect(upstream.requests.map(({ headers }) => headers.get("x-decoded"))).toEqual(["1", "2", "2", "2", "2"]);
});

filterTest(guest("route-settings"))("without metadata there are no settings", async ({ proxy, upstream }) => {
  await proxy.get("/a");

  expect(upstream.requests[0]?.headers.get("x-settings")).toBe("none");
});

for (const [what, route, problem] of [
  ["a wrong type", { number: "7" }, "number: must be a whole number from -1000 to 1000"],
  ["a fraction", { number: 7.5 }, "number: must be a whole number from -1000 to 1000"],
  ["a mistyped key", { numbr: 7 }, "numbr: unknown key; did you mean number?"],
  ["a wrong element", { words: [{ word: "a" }, "b"] }, "words[1]: must be an object"],
  ["null", { text: null }, "text: must be a string"],
] as const) {
  settings(route, { text: "of the host" })(
    `settings with ${what} are refused, and do not fall back to the virtual host's`,
    async ({ proxy, upstream }) => {
      await proxy.get("/a");
      await proxy.get("/a");
      await proxy.settled();

      expect(upstream.requests[1]?.headers.get("x-settings")).toBe(`refused: ${problem}`);
      const errors = proxy.logs.filter(({ level }) => level === "error");
      expect(errors.map(({ message }) => message)).toEqual([
        `the metadata route-settings of a route was refused: ${problem}`,
      ]);
    },
  );
}

const typed = filterTest(guest("typed-properties"), undefined, {
  virtualHost: { routes: [{ prefix: "/a", name: "route-a", metadata: { ours: { limit: 7.5 } } }] },
});

typed("properties are decoded, and null where they are absent", async ({ proxy }) => {
  await proxy.get("/a?b=c", { headers: [["x-a", "1"], ["x-a", "2"]] }); // prettier-ignore
  await proxy.settled();

  const request = [
    "path </a?b=c>",
    "query <b=c>",
    "x-a <1,2>",
    "route <route-a>",
    "tls absent",
    "server name <>",
  ];
  const numbers = [
    "mutual tls false",
    "code -1",
    "limit 7.5",
    "text as a number -1",
    "number as a boolean true",
  ];
  const response = ["path absent", "code 200", "details <via_upstream>", "kept <from the request>"];
  const log = ["path </a?b=c>", "kept <from the request>", "took time true", "dynamic metadata 0"];
  expect(proxy.logs.map(({ message }) => message)).toEqual([
    ...[...request, ...numbers, "set true", "older name absent", ...response, ...log],
  ]);
});

const identified = filterTest(guest("properties"));

identified("requests have the number of the connection that they come on", async ({ proxy, upstream }) => {
  const get = (): Promise<unknown> => proxy.get("/", { headers: { "x-get": "connection|id" } });
  await get();
  await get();
  const gate = upstream.hold();
  const both = [get(), get()];
  await gate.arrived(2);
  gate.release();
  await Promise.all(both);
  await proxy.settled();

  const [first, second, ...atOnce] = proxy.logs.flatMap(
    ({ message }) => /^request .* = (.*)/.exec(message)?.[1] ?? [],
  );
  expect(first).toMatch(/^[0-9a-f]{16}$/);
  expect(second).toBe(first);
  expect(new Set(atOnce).size).toBe(2);
});
