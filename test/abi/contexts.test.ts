import { startProxy, type BackendName } from "proxy-wasm-harness";
import { chainTest, expect, filterTest } from "proxy-wasm-harness/vitest";
import { inject, test as plainTest } from "vitest";
import { guest } from "../guests/guest.ts";

const backend = inject("proxyWasmBackend") as BackendName;
const filter = guest("two-roots");

const sharingOneVm = chainTest([
  { filter, name: "one", rootId: "first", vmId: "shared", configuration: { value: "1" } },
  { filter, name: "two", rootId: "second", vmId: "shared", configuration: { value: "2" } },
]);

sharingOneVm(
  "two plugins in one VM have their own filters and configurations",
  async ({ proxy, upstream }) => {
    await proxy.get("/");

    expect(upstream.requests[0]?.headers.all("x-first")).toEqual(["1"]);
    expect(upstream.requests[0]?.headers.all("x-second")).toEqual(["2"]);
  },
);

const twice = chainTest([
  { filter, name: "one", rootId: "first", vmId: "shared", configuration: { value: "1" } },
  { filter, name: "two", rootId: "first", vmId: "shared", configuration: { value: "2" } },
]);

twice("the same filter twice in one VM has two configurations", async ({ proxy, upstream }) => {
  await proxy.get("/");

  expect(upstream.requests[0]?.headers.all("x-first")).toEqual(["1", "2"]);
});

plainTest("a module with several filters refuses an unknown root_id, and names those there are", async () => {
  const chain = [{ filter, rootId: "third", configuration: { value: "3" } }];

  await expect(startProxy({ backend, chain })).rejects.toMatchObject({
    code: "configuration_refused",
    message: expect.stringMatching(/root_id "third" is unknown: this module has "first", "second"/),
  });
});

for (const rootId of ["", "header-authz", "namespace.whatever-istio-puts-there"]) {
  const test = filterTest(
    "header-authz",
    { rules: [{ allow: { header: "x-a", present: true } }] },
    { rootId },
  );

  test(`a module with one filter serves the root_id "${rootId}"`, async ({ proxy }) => {
    expect(await proxy.get("/")).toHaveStatus(401);
    expect(await proxy.get("/", { headers: { "x-a": "" } })).toHaveStatus(200);
  });
}

plainTest("the streams of a plugin are deleted in the order log, done, delete", async () => {
  await using proxy = await startProxy({ backend, chain: [{ filter: guest("observer") }] });
  await proxy.get("/");
  await proxy.settled();

  const callbacks = proxy.transcript.filter(({ kind }) => kind === "callback").map(({ name }) => name);
  expect(callbacks.slice(-3)).toEqual(["proxy_on_log", "proxy_on_done", "proxy_on_delete"]);
});
