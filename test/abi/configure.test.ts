import { expect, filterTest } from "proxy-wasm-harness/vitest";
import { guest } from "../guests/guest.ts";

const allow = (exact: string) => ({ rules: [{ allow: { header: "x-role", exact } }] });
const test = filterTest("header-authz", allow("admin"), { configDiscovery: true });
const as = (role: string) => ({ headers: { "x-role": role } });

test("a filter has its new configuration from the next request on", async ({ proxy }) => {
  expect(await proxy.get("/", as("admin"))).toHaveStatus(200);
  expect(await proxy.get("/", as("auditor"))).toHaveStatus(403);

  await proxy.configure(allow("auditor"));

  expect(await proxy.get("/", as("admin"))).toHaveStatus(403);
  expect(await proxy.get("/", as("auditor"))).toHaveStatus(200);
});

test("a configuration that is refused leaves the old one, and says why", async ({ proxy }) => {
  const refused = proxy.configure({ rules: [{ allow: { header: "x-role", exakt: "admin" } }] });

  const message = expect.stringContaining("exakt");
  await expect(refused).rejects.toMatchObject({ code: "configuration_refused", message });
  expect(await proxy.get("/", as("admin"))).toHaveStatus(200);
  await proxy.configure(allow("auditor"));
  expect(await proxy.get("/", as("auditor"))).toHaveStatus(200);
});

test("counters count on when a filter is configured anew", async ({ proxy }) => {
  await proxy.get("/", as("admin"));
  await proxy.configure(allow("auditor"));
  await proxy.get("/", as("auditor"));
  await proxy.settled();

  expect(proxy.stats).toHaveCounter("header_authz.allowed", 2);
});

/** Each stream tells the upstream which plugin it has. */
const named = filterTest(guest("ends-later"), { name: "old" }, { configDiscovery: true });

named("a stream that is open keeps the old plugin, which ends after it", async ({ proxy, upstream }) => {
  const { promise: arrived, resolve: arrive } = Promise.withResolvers<null>();
  const { promise: released, resolve: release } = Promise.withResolvers<null>();
  upstream.respond(async ({ path }) => {
    if (path !== "/held") return {};
    arrive(null);
    await released;
    return { body: "late" };
  });

  const held = proxy.get("/held");
  await arrived;
  await proxy.configure({ name: "new" });
  await proxy.get("/next");
  release(null);
  const response = await held;
  await proxy.settled();

  expect(response.text()).toBe("late");
  expect(upstream.requests.map(({ headers }) => headers.get("x-name"))).toEqual(["old", "new"]);
  const said = proxy.logs.map(({ message }) => message); // what runs on Envoy's main thread has no streams, and ends at once
  expect(said.filter((line) => line !== "old is to end")).toEqual([
    "a stream of new ends",
    "a stream of old ends",
  ]);
  expect(said.at(-1)).toBe("old is to end");
});

named("no request is lost while configurations follow each other", async ({ proxy, upstream }) => {
  for (const name of ["a", "b", "c", "d", "e"]) {
    const under = Array.from({ length: 8 }, () => proxy.get("/"));
    await proxy.configure({ name });
    for (const response of await Promise.all(under)) expect(response).toHaveStatus(200);
  }

  expect(upstream.requests).toHaveLength(40);
});

const fixed = filterTest("header-authz", allow("admin"));

fixed("filters that do not come over ECDS cannot be configured anew", async ({ proxy }) => {
  await expect(proxy.configure(allow("auditor"))).rejects.toMatchObject({
    code: "invalid_input",
    message: expect.stringContaining("configDiscovery: true"),
  });
});

test("a position without a filter is refused", async ({ proxy }) => {
  await expect(proxy.configure(allow("auditor"), 1)).rejects.toMatchObject({
    code: "invalid_input",
    message: "configure: the chain has no filter at 1, it has 1",
  });
});
