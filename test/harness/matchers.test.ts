import { expect } from "proxy-wasm-harness/vitest";
import { test } from "vitest";
import { HeaderList } from "../../harness/src/header-list.ts";
import { Stats } from "../../harness/src/stats.ts";
import type { AccessLogEntry, EnvoyLogEntry, LoadedModule, Span } from "proxy-wasm-harness";

const stats = new Stats(
  {
    metrics: new Map([["a.open", 5n], ["a.seen", 2n], ["a.still", 1n]]), // prettier-ignore
    histograms: new Map([["a.sizes", [{ lowerBound: 7, width: 0.1, count: 3 }]]]),
  },
  { metrics: new Map([["a.open", 3n], ["a.still", 1n]]), histograms: new Map([["a.sizes", [{ lowerBound: 7, width: 0.1, count: 1 }]]]) }, // prettier-ignore
);

const span: Span = {
  ...{ name: "ingress", kind: "server", status: "unset", traceState: "", startMs: 1, durationMs: 2 },
  ...{ traceId: "0af7651916cd43dd8448eb211c80319c", spanId: "b7ad6b7169203331", parentSpanId: null },
  attributes: { "http.method": "GET", "http.status_code": "200" },
};
const spans: readonly Span[] = [span, { ...span, name: "router upstream egress", kind: "client" }];

const entry: AccessLogEntry = { method: "GET", path: "/a", status: 503, details: "via_upstream" };
const accessLog = [
  { ...entry, responseFlags: ["UF"] },
  { ...entry, path: "/b", status: 200 },
];

const envoyLogs: readonly EnvoyLogEntry[] = [
  { component: "router", level: "debug", message: "pool ready" },
  { component: "upstream", level: "warn", message: "no healthy host" },
];

const page = ["# TYPE envoy_rq counter", 'envoy_rq{a="x",b="y\\"z"} 3', 'envoy_rq{a="w"} 1'].join("\n");

const loaded: readonly LoadedModule[] = [
  { plugin: "a", rootId: "a", source: "/build/a.wasm", sha256: "ab12" },
];

type Judged = readonly [what: string, held: () => void, failed: () => void, told: string];

const table: readonly Judged[] = [
  [
    "toHaveGauge",
    () => expect(stats).toHaveGauge("a.open", 2),
    () => expect(stats).toHaveGauge("a.open", 5),
    'expected gauge a.open to have changed by 5, but it changed by 2; what changed:\n  {\n    "a.open": 2,\n    "a.seen": 2\n  }',
  ],
  [
    "toHaveGauge of a mistyped name",
    () => expect(stats).not.toHaveGauge("a.opne"),
    () => expect(stats).toHaveGauge("a.opne", 2),
    "expected gauge a.opne to have changed by 2, but there is no such gauge: did you mean a.open?",
  ],
  [
    "toHaveHistogram",
    () => expect(stats).toHaveHistogram("a.sizes", { count: 2, sum: 14 }),
    () => expect(stats).toHaveHistogram("a.sizes", { count: 3 }),
    'expected histogram a.sizes with {"count":3}, but it has {"count":2,"sum":14}, these many of each:\n  7: 2',
  ],
  [
    "toHaveHistogram of a name like no other",
    () => expect(stats).not.toHaveHistogram("nothing", {}),
    () => expect(stats).toHaveHistogram("nothing", {}),
    "expected histogram nothing with samples, but there is no such histogram; there are a.sizes",
  ],
  [
    "toHaveSpan",
    () => expect(spans).toHaveSpan({ kind: "client", attributes: { "http.method": "GET" } }),
    () => expect(spans).toHaveSpan({ kind: "client", attributes: { "http.status_code": "503" } }),
    'expected a span with {"kind":"client","attributes":{"http.status_code":"503"}}, but the nearest of 2, client "router upstream egress" GET 200 unset, differs:\n' +
      '  attributes.http.status_code is "200" and not "503"\nall of them:\n  server "ingress" GET 200 unset\n  client "router upstream egress" GET 200 unset',
  ],
  [
    "toHaveSpan of none",
    () => expect([]).not.toHaveSpan({}),
    () => expect([]).toHaveSpan({}),
    "expected a span with {}, but there is none at all",
  ],
  [
    "toHaveAccessLogEntry",
    () => expect(accessLog).toHaveAccessLogEntry({ path: "/a", responseFlags: ["UF"] }),
    () => expect(accessLog).toHaveAccessLogEntry({ path: "/b", status: 503, responseFlags: ["UF"] }),
    'expected an entry of the access log with {"path":"/b","status":503,"responseFlags":["UF"]}, but the nearest of 2, GET /a 503 via_upstream UF, differs:\n' +
      '  path is "/a" and not "/b"\nall of them:\n  GET /a 503 via_upstream UF\n  GET /b 200 via_upstream',
  ],
  [
    "toHaveAccessLogEntry with an expression",
    () => expect(accessLog).toHaveAccessLogEntry({ path: expect.stringMatching(/^\/b$/) as string }),
    () => expect(accessLog).not.toHaveAccessLogEntry({ path: "/b" }),
    'expected not an entry of the access log with {"path":"/b"}, but there is GET /b 200 via_upstream; all of them:\n  GET /a 503 via_upstream UF\n  GET /b 200 via_upstream',
  ],
  [
    "toHaveEnvoyLog",
    () => expect(envoyLogs).toHaveEnvoyLog("upstream", "warn", /^no healthy/g),
    () => expect(envoyLogs).toHaveEnvoyLog("upstream", "error", "no healthy"),
    "expected a line of upstream at error with no healthy, but upstream said\n  upstream warn: no healthy host",
  ],
  [
    "toHaveEnvoyLog of a mistyped component",
    () => expect(envoyLogs).not.toHaveEnvoyLog("lua", "debug", "pool ready"),
    () => expect(envoyLogs).toHaveEnvoyLog("rooter", "debug", "pool ready"),
    "expected a line of rooter at debug with pool ready, but rooter said nothing: did you mean router?; Envoy's log has\n  router debug: pool ready\n  upstream warn: no healthy host",
  ],
  [
    "toHavePrometheusSeries",
    () => expect(page).toHavePrometheusSeries("envoy_rq", { labels: { b: 'y"z' }, value: 3 }),
    () => expect(page).toHavePrometheusSeries("envoy_rq", { labels: { a: "w" }, value: 3 }),
    'expected a series envoy_rq with {"labels":{"a":"w"},"value":3}, but there are\n  envoy_rq{a="x",b="y\\"z"} 3\n  envoy_rq{a="w"} 1',
  ],
  [
    "toHavePrometheusSeries of a mistyped name",
    () => expect(page).not.toHavePrometheusSeries("envoy_rp"),
    () => expect(page).toHavePrometheusSeries("envoy_rp"),
    "expected a series envoy_rp with {}, but there is no such series: did you mean envoy_rq?",
  ],
  [
    "toRunModule",
    () => expect(loaded).toRunModule({ sha256: "ab12" }),
    () => expect(loaded).toRunModule({ name: "a", path: "/build/a.wasm", sha256: "cd34" }),
    'expected Envoy to run the module a cd34, but it runs\n  ab12 plugin "a" from /build/a.wasm\nThe file has changed since the proxy was given it.',
  ],
  [
    "toRunModule of another",
    () => expect(loaded).not.toRunModule({ sha256: "cd34" }),
    () => expect(loaded).not.toRunModule({ sha256: "ab12" }),
    'expected not Envoy to run the module ab12, but it runs\n  ab12 plugin "a" from /build/a.wasm',
  ],
];

test.for(table)("%s holds, and says what there was when it does not", ([, held, failed, told]) => {
  held();

  expect(messageOf(failed)).toBe(told);
});

test.for([
  ["toHaveGauge", () => expect(stats).not.toHaveGauge("a.open", 2), "expected not gauge a.open to"],
  ["toHaveHistogram", () => expect(stats).not.toHaveHistogram("a.sizes", {}), "expected not histogram"],
  ["toHaveSpan", () => expect(spans).not.toHaveSpan({ kind: "server" }), 'there is server "ingress" GET'],
  ["toHaveEnvoyLog", () => expect(envoyLogs).not.toHaveEnvoyLog("router", "debug", ""), "pool ready"],
  ["toHavePrometheusSeries", () => expect(page).not.toHavePrometheusSeries("envoy_rq"), 'envoy_rq{a="w"} 1'],
] as const)("the negation of %s says what there is", ([, failed, told]) => {
  expect(failed).toThrow(told);
});

const attributes = { "http.metod": "GET" };
const requestHeaders = { "x-rol": "admin" };
const logged = [{ ...entry, requestHeaders: { "x-role": "user" } }];
const response = { headers: HeaderList.from({ "x-role": "user" }) };

type Misnamed = readonly [what: string, failed: () => void, told: string, said: () => void];

/** A name that nothing has, what is told of it, and how it is said that there may be none. */
// prettier-ignore
const misnamed: readonly Misnamed[] = [
  ["counter", () => expect(stats).not.toHaveCounter("a.sene", 7), 'expected not counter a.sene to have grown by 7, but there is no such counter: did you mean a.seen?\nIf there may be none, say .not.toHaveCounter("a.sene")', () => expect(stats).not.toHaveCounter("a.sene")],
  ["counter like no other", () => expect(stats).not.toHaveCounter("nothing", 7), 'expected not counter nothing to have grown by 7, but there is no such counter; there are a.open, a.seen, a.still\nIf there may be none, say .not.toHaveCounter("nothing")', () => expect(stats).not.toHaveCounter("nothing")],
  ["gauge", () => expect(stats).not.toHaveGauge("a.opne", 7), 'expected not gauge a.opne to have changed by 7, but there is no such gauge: did you mean a.open?\nIf there may be none, say .not.toHaveGauge("a.opne")', () => expect(stats).not.toHaveGauge("a.opne")],
  ["histogram", () => expect(stats).not.toHaveHistogram("a.size", { count: 9 }), 'expected not histogram a.size with {"count":9}, but there is no such histogram: did you mean a.sizes?\nIf there may be none, say .not.toHaveHistogram("a.size")', () => expect(stats).not.toHaveHistogram("a.size")],
  ["series", () => expect(page).not.toHavePrometheusSeries("envoy_rp", { value: 7 }), 'expected not a series envoy_rp with {"value":7}, but there is no such series: did you mean envoy_rq?\nIf there may be none, say .not.toHavePrometheusSeries("envoy_rp")', () => expect(page).not.toHavePrometheusSeries("envoy_rp")],
  ["label", () => expect(page).not.toHavePrometheusSeries("envoy_rq", { labels: { c: "w" } }), 'expected not a series envoy_rq with {"labels":{"c":"w"}}, but envoy_rq: there is no such label c; there are a, b\nIf there may be none, say .not.toHavePrometheusSeries("envoy_rq")', () => expect(page).not.toHavePrometheusSeries("envoy_rq", { labels: { a: "c" } })],
  ["component", () => expect(envoyLogs).not.toHaveEnvoyLog("lau", "warn", "x"), "expected not a line of lau at warn with x, but lau said nothing: did you mean lua?; Envoy's log has\n  router debug: pool ready\n  upstream warn: no healthy host", () => expect(envoyLogs).not.toHaveEnvoyLog("one_to_come", "warn", "x")],
  ["attribute", () => expect(spans).not.toHaveSpan({ attributes }), 'expected not a span with {"attributes":{"http.metod":"GET"}}, but nothing has attributes.http.metod: did you mean http.method?\nIf there may be none, say .not.toHaveSpan with attributes.http.metod: expect.anything()', () => expect(spans).not.toHaveSpan({ attributes: { "http.metod": expect.anything() as unknown, error: "true" } })],
  ["logged header", () => expect(logged).not.toHaveAccessLogEntry({ requestHeaders }), 'expected not an entry of the access log with {"requestHeaders":{"x-rol":"admin"}}, but nothing has requestHeaders.x-rol: did you mean x-role?\nIf there may be none, say .not.toHaveAccessLogEntry with requestHeaders.x-rol: expect.anything()', () => expect(logged).not.toHaveAccessLogEntry({ requestHeaders: { "x-other": "1" } })],
  ["header", () => expect(response).not.toHaveHeader("X-Rol", "admin"), 'expected not a header X-Rol: admin, but there is no such header: did you mean x-role?\nIf there may be none, say .not.toHaveHeader("X-Rol")', () => expect(response).not.toHaveHeader("X-Rol")],
];

test.for(misnamed)(
  "a %s that was never seen does not pass for one that differs",
  ([, failed, told, said]) => {
    expect(messageOf(failed)).toBe(told);

    said();
  },
);

// prettier-ignore
test.for([
  ["a counter", () => expect(stats).toHaveCounter("a.seen"), () => expect(stats).not.toHaveCounter("a.seen"), "expected not counter a.seen to have grown, but it grew by 2"],
  ["a gauge", () => expect(stats).not.toHaveGauge("a.still"), () => expect(stats).toHaveGauge("a.still"), "expected gauge a.still to have changed, but it changed by 0"],
  ["a histogram", () => expect(stats).toHaveHistogram("a.sizes"), () => expect(stats).not.toHaveHistogram("a.sizes"), "expected not histogram a.sizes with samples, but it has"],
] as const)("%s is asked whether it changed at all", ([, held, failed, told]) => {
  held();

  expect(failed).toThrow(told);
});

function messageOf(failed: () => void): string {
  try {
    failed();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return "it held";
}
