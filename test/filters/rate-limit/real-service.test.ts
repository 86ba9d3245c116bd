import type { HeadersInput, Upstream } from "proxy-wasm-harness";
import {
  cluster,
  listener,
  route,
  type Scenario,
  type StartedScenario,
  wasm,
} from "proxy-wasm-harness/scenario";
import { expect } from "proxy-wasm-harness/vitest";
import { countsIn } from "../../rate-limit-service/counts.ts";
import { serviceTest } from "../../rate-limit-service/fixture.ts";
import type { RateLimitService } from "../../rate-limit-service/service.ts";
import { asking, name } from "./programmed-service.ts";
import type { RateLimit, ServiceRule } from "./scenarios.ts";

/** Windows of a year, so that no test sees one end. */
const limit = (requests: number): { unit: string; requests_per_unit: number } => ({
  unit: "year",
  requests_per_unit: requests,
});
const test = serviceTest({
  domain: "shop",
  descriptors: [
    { key: "user", rate_limit: limit(3), descriptors: [{ key: "path", rate_limit: limit(2) }] },
    { key: "user", value: "vip", rate_limit: limit(5) },
    { key: "file", value: "img*", rate_limit: limit(1) },
    { key: "watched", rate_limit: limit(1), shadow_mode: true },
    { key: "given" },
  ],
});

type Descriptor = ServiceRule["service"]["descriptors"][number];
const entry = (key: string): Descriptor["entries"][number] => ({ key, value: { header: `x-${key}` } });
const always = { rate_limit_headers: "always" } as const;
/** No answer is late on a machine that is busy. */
const patient = { timeout_ms: 20_000 };

/** A listener for each configuration. */
function asks(
  service: RateLimitService,
  upstream: Upstream,
  configurations: Readonly<Record<string, RateLimit>>,
): Scenario {
  return {
    listeners: Object.entries(configurations).map(([at, configuration]) =>
      listener(at, { httpFilters: [wasm("rate-limit", configuration)], routes: [route("/", "service")] }),
    ),
    clusters: [cluster("service", upstream), cluster(name, service.address, { protocol: "h2" })],
  };
}

/** The statuses of requests, one after the other. */
async function verdicts(mesh: StartedScenario, headers: HeadersInput[]): Promise<number[]> {
  const statuses: number[] = [];
  for (const each of headers) statuses.push((await mesh.get("in", "/", { headers: each })).status);
  return statuses;
}

const times = (count: number, headers: HeadersInput): HeadersInput[] =>
  Array.from({ length: count }, () => headers);

test("three pass, the fourth is over the limit, and the headers say so", async ({
  start,
  service,
  redis,
  upstream,
}) => {
  const mesh = await start(asks(service, upstream, { in: asking({}, patient, always) }));
  const responses = [];
  for (let i = 0; i < 4; i++) responses.push(await mesh.get("in", "/", { headers: { "x-user": "ann" } }));

  expect(responses.map(({ status }) => status)).toEqual([200, 200, 200, 429]);
  const told = responses.map(({ headers }) => headers.get("ratelimit")?.replace(/\d+$/, "…"));
  expect(told).toEqual(['"r";r=2;t=…', '"r";r=1;t=…', '"r";r=0;t=…', '"r";r=0;t=…']);
  expect(responses[3]).toHaveHeader("ratelimit-policy", '"r";q=3;w=31536000');
  expect(Number(responses[3]?.headers.get("retry-after"))).toBeLessThanOrEqual(31_536_000);
  expect(await countsIn(redis)).toEqual({ shop_user_ann: 4 });
});

test("what is refused once costs no call more, in each worker", async ({
  start,
  service,
  redis,
  upstream,
}) => {
  const settings = { envoy: { concurrency: 1 } };
  const mesh = await start(asks(service, upstream, { in: asking({}, patient) }), settings);

  expect(await verdicts(mesh, times(7, { "x-user": "ann" }))).toEqual([200, 200, 200, 429, 429, 429, 429]);
  await mesh.settled();
  expect(await countsIn(redis)).toEqual({ shop_user_ann: 4 });
  expect(mesh.stats).toHaveCounter("rate_limit.service.not_asked{rule=r}", 3);
});

// A table: one line a way in which the service is configured.
// prettier-ignore
const ways: Array<[what: string, descriptors: Descriptor[], headers: HeadersInput[], statuses: number[], counts: Record<string, number>]> = [
  ["a value with a limit of its own", [{ entries: [entry("user")] }], times(6, { "x-user": "vip" }), [200, 200, 200, 200, 200, 429], { shop_user_vip: 6 }],
  ["entries in entries", [{ entries: [entry("user"), entry("path")] }], times(3, { "x-user": "ann", "x-path": "/a" }), [200, 200, 429], { "shop_user_ann_path_/a": 3 }],
  ["a wildcard", [{ entries: [entry("file")] }], [{ "x-file": "img1" }, { "x-file": "img1" }, { "x-file": "css" }, { "x-file": "css" }], [200, 429, 200, 200], { shop_file_img1: 2 }],
  ["the first of two descriptors", [{ entries: [entry("user")] }, { entries: [entry("file")] }], times(2, { "x-user": "ann", "x-file": "img" }), [200, 429], { shop_user_ann: 2, shop_file_img: 2 }],
  ["a limit in shadow mode", [{ entries: [entry("watched")] }], times(3, { "x-watched": "a" }), [200, 200, 200], { shop_watched_a: 3 }],
  ["a descriptor that it does not know", [{ entries: [entry("other")] }], times(3, { "x-other": "a" }), [200, 200, 200], {}],
  ["a limit that the filter gives", [{ entries: [entry("given")], limit: { requests_per_unit: 1, unit: "year" } }], times(2, { "x-given": "a" }), [200, 429], { shop_given_a: 2 }],
  ["a weight of two", [{ entries: [entry("user")], hits_addend: 2 }], times(2, { "x-user": "ann" }), [200, 429], { shop_user_ann: 4 }],
  ["bytes that are no text", [{ entries: [entry("user")] }], times(4, { "x-user": Uint8Array.of(0xff) }), [200, 200, 200, 429], { "shop_user_\ufffd": 4 }],
  ["no value", [{ entries: [entry("user")] }], times(4, {}), [200, 200, 200, 429], { shop_user_: 4 }],
];

for (const [what, descriptors, headers, statuses, counts] of ways) {
  test(`the service decides by ${what}`, async ({ start, service, redis, upstream }) => {
    const mesh = await start(asks(service, upstream, { in: asking({}, { ...patient, descriptors }) }));

    expect(await verdicts(mesh, headers)).toEqual(statuses);
    expect(await countsIn(redis)).toEqual(counts);
  });
}

const user = { headers: { "x-user": "ann" } };
const both = (service: Partial<ServiceRule["service"]>): Record<string, RateLimit> => ({
  allow: asking({ name: "lenient", on_failure: "allow" }, service),
  deny: asking({ name: "strict", on_failure: "deny" }, service),
});
const each = async (mesh: StartedScenario): Promise<number[]> => [
  (await mesh.get("allow", "/", user)).status,
  (await mesh.get("deny", "/", user)).status,
];

test("a service that is gone has each rule do as its on_failure says", async ({
  start,
  service,
  upstream,
}) => {
  const mesh = await start(asks(service, upstream, both(patient)));
  expect(await each(mesh)).toEqual([200, 200]);

  await service[Symbol.asyncDispose]();

  expect(await each(mesh)).toEqual([200, 429]);
  await mesh.settled();
  for (const rule of ["lenient", "strict"])
    expect(mesh.stats).toHaveCounter(`rate_limit.service.unreachable{rule=${rule}}`, 1);
});

test("so has one that hangs, until it answers again", async ({ start, service, upstream }) => {
  const configurations = { ...both({ timeout_ms: 100 }), patient: asking({ name: "patient" }, patient) };
  const mesh = await start(asks(service, upstream, configurations));
  service.pause();
  expect(await each(mesh)).toEqual([200, 429]);
  service.resume();
  expect(await mesh.get("patient", "/", user)).toHaveStatus(200);
  await mesh.settled();

  for (const rule of ["lenient", "strict"])
    expect(mesh.stats).toHaveCounter(`rate_limit.service.timeout{rule=${rule}}`, 1);
});

test("so has one whose Redis is gone", async ({ start, service, redis, upstream }) => {
  const mesh = await start(asks(service, upstream, both(patient)));
  expect(await each(mesh)).toEqual([200, 200]);

  await redis[Symbol.asyncDispose]();

  expect(await each(mesh)).toEqual([200, 429]);
  await mesh.settled();
  for (const rule of ["lenient", "strict"])
    expect(mesh.stats).toHaveCounter(`rate_limit.service.error{rule=${rule}}`, 1);
});
