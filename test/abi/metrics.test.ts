import { expect, filterTest } from "proxy-wasm-harness/vitest";
import { guest } from "../guests/guest.ts";

const test = filterTest(guest("metrics"));
const scraped = filterTest(guest("metrics"), undefined, { needs: ["prometheus"] });

test("a counter is there with 0 before anything is counted", async ({ proxy }) => {
  await proxy.settled();

  expect(proxy.stats).toHaveCounter("metrics.counted", 0);
});

test("a counter counts each request once, over all streams", async ({ proxy }) => {
  await Promise.all(Array.from({ length: 25 }, () => proxy.get("/")));
  await proxy.settled();

  expect(proxy.stats).toHaveCounter("metrics.counted", 25);
});

test("a gauge goes up and down, and is the sum over all streams", async ({ proxy }) => {
  for (const headers of [{ "x-add": "5" }, { "x-subtract": "2" }, { "x-add": "1" }])
    await proxy.get("/", { headers });
  await proxy.settled();

  expect(proxy.stats.get("metrics.gauge")).toBe(4);
});

test("a gauge stops at what was added, and says so once", async ({ proxy }) => {
  for (const headers of [{ "x-add": "5" }, { "x-subtract": "7" }, { "x-subtract": "7" }])
    await proxy.get("/", { headers });
  await proxy.settled();

  expect(proxy.stats.get("metrics.gauge")).toBe(0);
  expect(proxy.logs.filter(({ level }) => level === "error")).toHaveLength(1);
  expect(proxy.logs).toHaveLogged(
    "error",
    "gauge metrics.gauge was to be lowered by more than was added: it stays at what others added",
  );
});

test("a gauge that is set has its last value", async ({ proxy }) => {
  for (const value of ["9", "4"]) await proxy.get("/", { headers: { "x-set": value } });
  await proxy.settled();

  expect(proxy.stats.get("metrics.set")).toBe(4);
});

test("a gauge that counts refuses to be set", async ({ proxy }) => {
  await proxy.get("/", { headers: { "x-add": "5", "x-mix": "" } });
  await proxy.settled();

  expect(proxy.stats.get("metrics.gauge")).toBe(5);
  expect(proxy.logs).toHaveLogged(
    "error",
    "gauge metrics.gauge either counts or is set: a call of the other kind was refused",
  );
});

test("a histogram keeps two digits of each sample", async ({ proxy }) => {
  for (const value of ["0", "7", "12", "1299"]) await proxy.get("/", { headers: { "x-record": value } });
  await proxy.settled();

  expect(proxy.stats.histogram("metrics.sizes_bytes")).toEqual({ count: 4, sum: 0 + 7 + 12 + 1200 });
});

test("a metric with labels has a series for each combination of values", async ({ proxy }) => {
  await proxy.get("/", { headers: [["x-who", "a"], ["x-who", "b"], ["x-who", "a"]] }); // prettier-ignore
  await proxy.post("/", "", { headers: { "x-who": "a" } });
  await proxy.settled();

  expect(proxy.stats).toHaveCounter("metrics.requests{method=GET}{who=a}", 2);
  expect(proxy.stats).toHaveCounter("metrics.requests{method=GET}{who=b}", 1);
  expect(proxy.stats).toHaveCounter("metrics.requests{method=POST}{who=a}", 1);
  expect(proxy.stats.get("metrics.open{who=a}")).toBe(3);
  expect(proxy.stats.histogram("metrics.lengths{who=a}")).toEqual({ count: 3, sum: 3 });
});

test("with not, a counter that was never there fails with the nearest, and that it did not grow can be said", async ({
  proxy,
}) => {
  await proxy.get("/", { headers: { "x-who": "c" } });
  await proxy.settled();

  expect(() => expect(proxy.stats).not.toHaveCounter("metrics.countde", 7)).toThrow(
    'no such counter: did you mean metrics.counted?\nIf there may be none, say .not.toHaveCounter("metrics.countde")',
  );
  expect(() => expect(proxy.stats).not.toHaveGauge("metrics.guage", 7)).toThrow(
    'no such gauge: did you mean metrics.gauge?\nIf there may be none, say .not.toHaveGauge("metrics.guage")',
  );
  expect(proxy.stats).not.toHaveCounter("metrics.counted", 7);
  expect(proxy.stats).toHaveCounter("metrics.requests{method=GET}{who=c}");
  expect(proxy.stats).not.toHaveCounter("metrics.requests{method=GET}{who=b}");
});

test("a series is defined once, however often it is counted", async ({ proxy }) => {
  for (let i = 0; i < 5; i++) await proxy.get("/", { headers: { "x-who": "a" } });
  await proxy.settled();

  const defined = proxy.transcript.filter(({ name }) => name === "proxy_define_metric");
  expect(defined).toHaveLength(4);
});

test("series beyond the limit share one, and the log says so once", async ({ proxy }) => {
  const headers = Array.from({ length: 50 }, (_, i) => ["x-who", `who-${i}`] as const);
  await proxy.get("/", { headers });
  await proxy.settled();

  const names = proxy.stats.names().filter((name) => name.startsWith("metrics.few"));
  expect(names).toEqual([
    "metrics.few{who=__overflow__}",
    ...["metrics.few{who=who-0}", "metrics.few{who=who-1}", "metrics.few{who=who-2}"],
  ]);
  expect(proxy.stats).toHaveCounter("metrics.few{who=__overflow__}", 47);
  expect(proxy.logs.filter(({ level }) => level === "warn").map(({ message }) => message)).toEqual([
    "metric metrics.few has 3 series: further ones share one",
  ]);
});

test("a filter says which build of it is loaded", async ({ proxy }) => {
  await proxy.settled();

  expect(proxy.stats.names().filter((name) => name.startsWith("proxy_wasm."))).toEqual([
    expect.stringMatching(/^proxy_wasm\.build_info\{filter=metrics\}\{version=none\}\{build=[0-9a-f]{12}\}$/),
  ]);
});

scraped("Prometheus is given the build with its labels", async ({ proxy }) => {
  const [line] = (await proxy.prometheus()).match(/^proxy_wasm_build_info\{.*$/m) ?? [];
  expect(line).toMatch(/^proxy_wasm_build_info\{build="[0-9a-f]{12}",filter="metrics",version="none"\} 1$/);
});

scraped("Prometheus is given label values of control characters on one line", async ({ proxy }) => {
  await proxy.get("/", { headers: { "x-control": "" } });
  await proxy.settled();

  const lines = (await proxy.prometheus()).split("\n");
  expect(lines).toContain('metrics_requests{method="a%0Ab",who="%00%7F%09"} 1');
});

const latin1 = Uint8Array.of(0x63, 0xe9, 0xff);

// A table: one line a value.
// prettier-ignore
const hostile: Array<[what: string, value: string | Uint8Array, label: string]> = [
  ["nothing", "", ""],
  ["dots and slashes", "/a/./b.c", "/a/./b.c"],
  ["quotes and backslashes", `a"b\\c'`, "a%22b%5Cc'"],
  ["semicolons and equals signs", "x;y=z,w", "x;y=z,w"],
  ["what ends a label", "a}{method=POST}", "a%7D%7Bmethod=POST%7D"],
  ["a percent sign", "100%7D", "100%257D"],
  ["blanks and colons", "a: 5 |b#c@d", "a: 5 |b#c@d"],
  ["what Envoy reads as a status code", "upstream_rq_200", "upstream_rq_200"],
  ["text beyond ASCII", "é", "%C3%A9"],
  ["bytes that are no text", latin1, "c%E9%FF"],
  ["more than 100 bytes", "v".repeat(5000), "v".repeat(100)],
];

for (const [what, value, label] of hostile) {
  test(`a label value of ${what} stands escaped in the name`, async ({ proxy }) => {
    await proxy.get("/", { headers: [["x-who", value]] });
    await proxy.settled();

    expect(proxy.stats).toHaveCounter(`metrics.requests{method=GET}{who=${label}}`, 1);
  });

  scraped(`Prometheus is given a label value of ${what} as one label`, async ({ proxy }) => {
    await proxy.get("/", { headers: [["x-who", value]] });
    await proxy.settled();

    const lines = (await proxy.prometheus()).split("\n");
    expect(lines).toContain(`metrics_requests{method="GET",who="${label}"} 1`);
    expect(lines).toContain(`metrics_lengths_count{who="${label}"} 1`);
  });
}

const early = filterTest(guest("raw/counts-early"), "count and set");

early("what a filter counts while it starts is counted", async ({ proxy }) => {
  await proxy.settled();

  expect(proxy.stats.get("counts_early.configured")).toBeGreaterThan(0);
  expect(proxy.stats.histogram("counts_early.samples")).toMatchObject({
    sum: 7 * (proxy.stats.get("counts_early.configured") ?? 0),
  });
  expect(proxy.stats).toHaveCounter("counts_early.set", "count and set".length);
});
