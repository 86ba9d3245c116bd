import type { FilterConfigurations, HeaderValue } from "proxy-wasm-harness";

export type FaultInjection = FilterConfigurations["fault-injection"];
export type Rule = NonNullable<FaultInjection["rules"]>[number];
type Control = NonNullable<FaultInjection["header_control"]>;

/** A request, and what must become of it in every backend. */
export interface Scenario {
  readonly title: string;
  readonly configuration: FaultInjection;
  readonly path?: string;
  readonly headers?: ReadonlyArray<readonly [name: string, value: HeaderValue]>;
  /** The response's status, or that there is none. */
  readonly outcome: number | "reset";
  /** As in the access log; not asked for when the request passes. */
  readonly details?: string;
  /** The counters that are not 0. */
  readonly counted?: Readonly<Record<string, number>>;
}

/** One rule of the name "r", which aborts with 503 if nothing else is said. */
export function ruled(rule: Partial<Rule>, options: Omit<FaultInjection, "rules"> = {}): FaultInjection {
  return { rules: [{ name: "r", abort: { http_status: 503 }, ...rule } as Rule], ...options };
}

/** One rule that does this and nothing else. */
export function doing(
  faults: Omit<Partial<Rule>, "name">,
  options: Omit<FaultInjection, "rules"> = {},
): FaultInjection {
  return { rules: [{ name: "r", ...faults } as Rule], ...options };
}

/** Where the test comes from: this machine's loopback, or the bridge of a container engine. */
const ours = ["127.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"];

const controlled = (header_control: Control, options: FaultInjection = {}): FaultInjection => ({
  header_control,
  ...options,
});
const underA = (options: Omit<FaultInjection, "rules"> = {}): FaultInjection =>
  ruled({ when: { path: { prefix: "/a/" } } }, options);
const mayDelay = controlled({ delay: { max_ms: 20 } });
const mayAbort = controlled({ abort: {} });
const mayPace = controlled({ pace: { least_kib_per_second: 64 } });
const byHeader = ruled({ when: { header: "x-fault", exact: "yes" } });
const twoRules: FaultInjection = {
  rules: [
    {
      name: "first",
      when: { path: { prefix: "/a/" } },
      percent: { numerator: 0 },
      abort: { http_status: 500 },
    },
    { name: "second", abort: { http_status: 502 } },
  ],
};

const yes = [["x-fault", "yes"]] as const;
const delay = (value: HeaderValue) => ["x-envoy-fault-delay-request", value] as const;
const abort = (value: HeaderValue) => ["x-envoy-fault-abort-request", value] as const;
const grpcAbort = (value: HeaderValue) => ["x-envoy-fault-abort-grpc-request", value] as const;
const pace = (value: HeaderValue) => ["x-envoy-fault-throughput-response", value] as const;
const delayPercent = (value: HeaderValue) => ["x-envoy-fault-delay-request-percentage", value] as const;
const abortPercent = (value: HeaderValue) => ["x-envoy-fault-abort-request-percentage", value] as const;
const pacePercent = (value: HeaderValue) => ["x-envoy-fault-throughput-response-percentage", value] as const;

const named = "fault_injection_abort[r]";
const unnamed = "fault_injection_abort";
const closed = "wasm_close_stream";
const aborted = { aborts_injected: 1 };
const delayed = { delays_injected: 1 };
const ignored = { header_values_ignored: 1 };
const paced = { response_rl_injected: 1 };
const wasReset = { resets_injected: 1 };

// A table: one line a scenario.
// prettier-ignore
export const groups: Readonly<Record<string, readonly Scenario[]>> = {
  rules: [
    { title: "a rule without a condition hits every request", configuration: ruled({}), outcome: 503, details: named, counted: aborted },
    { title: "a rule hits the requests that it speaks of", configuration: byHeader, headers: yes, outcome: 503, details: named, counted: aborted },
    { title: "a rule lets other requests alone", configuration: byHeader, outcome: 200 },
    { title: "a rule lets a request alone that its condition is in doubt of", configuration: byHeader, headers: [...yes, ...yes], outcome: 200 },
    { title: "a repeated header counts by its first value where it is said so", configuration: { ...byHeader, repeated: "first" }, headers: [...yes, ...yes], outcome: 503, details: named, counted: aborted },
    { title: "a rule by path", configuration: ruled({ when: { path: { prefix: "/a/" } } }), path: "/a/b", outcome: 503, details: named, counted: aborted },
    { title: "a rule by path lets other paths alone", configuration: ruled({ when: { path: { prefix: "/a/" } } }), path: "/b/a/", outcome: 200 },
    { title: "a rule by path is not passed by another spelling", configuration: ruled({ when: { path: { prefix: "/a/" } } }), path: "/b/..//%61/./c", outcome: 503, details: named, counted: aborted },
    { title: "a rule by path has the case of its letters", configuration: underA(), path: "/A/b", outcome: 200 },
    { title: "a rule by path hits either case where it says so", configuration: underA({ case_sensitive: false }), path: "/A/b", outcome: 503, details: named, counted: aborted },
    { title: "a rule by path lets encoded slashes alone, which are in doubt", configuration: underA(), path: "/a%2fb", outcome: 200 },
    { title: "a rule by path hits encoded slashes where they are decoded", configuration: underA({ encoded_slashes: "decode" }), path: "/a%2fb", outcome: 503, details: named, counted: aborted },
    { title: "a rule by path lets parameters alone, which are in doubt", configuration: underA(), path: "/a;v=1/b", outcome: 200 },
    { title: "a rule by path hits parameters where they are removed", configuration: underA({ path_parameters: "remove" }), path: "/a;v=1/b", outcome: 503, details: named, counted: aborted },
    { title: "a rule by client", configuration: ruled({ when: { client_address: ours } }), outcome: 503, details: named, counted: aborted },
    { title: "a rule by client lets others alone", configuration: ruled({ when: { client_address: ["10.0.0.0/8"] } }), outcome: 200 },
    { title: "a client cannot choose its address", configuration: ruled({ when: { client_address: ["10.0.0.0/8"] } }), headers: [["x-forwarded-for", "10.0.0.1"]], outcome: 200 },
    { title: "a trusted hop says the client's address", configuration: ruled({ when: { client_address: ["10.0.0.0/8"] } }, { trusted_hops: 1 }), headers: [["x-forwarded-for", "10.0.0.1"]], outcome: 503, details: named, counted: aborted },
    { title: "the first rule that matches decides, though its dice say no", configuration: twoRules, path: "/a/b", outcome: 200 },
    { title: "a rule that does not match leaves it to the next", configuration: twoRules, path: "/b", outcome: 502, details: "fault_injection_abort[second]", counted: aborted },
  ],
  // all and none need no chance
  percentages: [
    { title: "0 of a hundred is nobody", configuration: ruled({ percent: { numerator: 0 } }), outcome: 200 },
    { title: "100 of a hundred are all", configuration: ruled({ percent: { numerator: 100, denominator: "HUNDRED" } }), outcome: 503, details: named, counted: aborted },
    { title: "10,000 of ten thousand are all", configuration: ruled({ percent: { numerator: 10_000, denominator: "TEN_THOUSAND" } }), outcome: 503, details: named, counted: aborted },
    { title: "a million of a million are all", configuration: ruled({ percent: { numerator: 1_000_000, denominator: "MILLION" } }), outcome: 503, details: named, counted: aborted },
  ],
  delays: [
    { title: "a fixed delay", configuration: doing({ delay: { fixed_ms: 5 } }), outcome: 200, counted: delayed },
    { title: "a uniform delay", configuration: doing({ delay: { uniform: { from_ms: 1, to_ms: 5 } } }), outcome: 200, counted: delayed },
    { title: "a delay that is drawn as nothing is none", configuration: doing({ delay: { exponential: { mean_ms: 1, max_ms: 1 } } }, { seed: 7 }), outcome: 200 },
    { title: "a normal delay", configuration: doing({ delay: { normal: { mean_ms: 10, stddev_ms: 1, max_ms: 20 } } }), outcome: 200, counted: delayed },
    { title: "a delay before an abort", configuration: ruled({ delay: { fixed_ms: 5 } }), outcome: 503, details: named, counted: { ...delayed, ...aborted } },
    { title: "a delay before a reset", configuration: doing({ delay: { fixed_ms: 5 }, reset: { at: "request" } }), outcome: "reset", details: closed, counted: { ...delayed, ...wasReset } },
  ],
  aborts: [
    { title: "the least status", configuration: ruled({ abort: { http_status: 200 } }), outcome: 200, details: named, counted: aborted },
    { title: "the greatest status", configuration: ruled({ abort: { http_status: 599 } }), outcome: 599, details: named, counted: aborted },
    { title: "a gRPC status of a request that is not of gRPC is the HTTP status for it", configuration: ruled({ abort: { grpc_status: 8 } }), outcome: 429, details: named, counted: aborted },
    { title: "a gRPC status of a gRPC request", configuration: ruled({ abort: { grpc_status: 14 } }), headers: [["content-type", "application/grpc"]], outcome: 200, details: named, counted: aborted },
  ],
  resets: [
    { title: "a reset of the request", configuration: doing({ reset: { at: "request" } }), outcome: "reset", details: closed, counted: wasReset },
    { title: "a reset before the response's headers", configuration: doing({ reset: { at: "response_headers" } }), outcome: "reset", counted: wasReset },
    { title: "a reset behind the response's headers", configuration: doing({ reset: { at: "response_body" } }), outcome: "reset", counted: wasReset },
  ],
  "pacing, and cuts of small bodies": [
    { title: "a paced response comes whole", configuration: doing({ pace: { bytes_per_second: 10_000 } }), outcome: 200, counted: paced },
    { title: "a body that is short enough is not cut", configuration: doing({ truncate: { body_bytes: 13 } }), outcome: 200 },
  ],
  "what requests ask for": [
    { title: "nobody may ask where nothing says so", configuration: byHeader, headers: [abort("503"), delay("5"), pace("1")], outcome: 200 },
    { title: "a request asks for a delay", configuration: mayDelay, headers: [delay("5")], outcome: 200, counted: delayed },
    { title: "a delay beyond the longest is the longest", configuration: mayDelay, headers: [delay("99999999999")], outcome: 200, counted: delayed },
    { title: "a delay of 0 is none", configuration: mayDelay, headers: [delay("0")], outcome: 200 },
    { title: "a delay that is no number is ignored and counted", configuration: mayDelay, headers: [delay("5ms")], outcome: 200, counted: ignored },
    { title: "a negative delay is ignored and counted", configuration: mayDelay, headers: [delay("-5")], outcome: 200, counted: ignored },
    { title: "a delay of half a millisecond is ignored and counted", configuration: mayDelay, headers: [delay("0.5")], outcome: 200, counted: ignored },
    { title: "an empty delay is ignored and counted", configuration: mayDelay, headers: [delay("")], outcome: 200, counted: ignored },
    { title: "a delay that no number can hold is ignored and counted", configuration: mayDelay, headers: [delay("9".repeat(30))], outcome: 200, counted: ignored },
    { title: "a delay with stray bytes is ignored and counted", configuration: mayDelay, headers: [delay(Uint8Array.of(0x35, 0xff))], outcome: 200, counted: ignored },
    { title: "a repeated delay is ignored and counted", configuration: mayDelay, headers: [delay("5"), delay("6")], outcome: 200, counted: ignored },
    { title: "a request that may ask for delays only asks for no abort", configuration: mayDelay, headers: [abort("503")], outcome: 200 },
    { title: "a request asks for an abort", configuration: mayAbort, headers: [abort("418")], outcome: 418, details: unnamed, counted: aborted },
    { title: "a status below 200 is ignored and counted", configuration: mayAbort, headers: [abort("199")], outcome: 200, counted: ignored },
    { title: "a status above 599 is ignored and counted", configuration: mayAbort, headers: [abort("600")], outcome: 200, counted: ignored },
    { title: "a request asks for a gRPC abort", configuration: mayAbort, headers: [grpcAbort("5")], outcome: 404, details: unnamed, counted: aborted },
    { title: "a gRPC status above 16 is ignored and counted", configuration: mayAbort, headers: [grpcAbort("17")], outcome: 200, counted: ignored },
    { title: "an HTTP status goes before a gRPC status", configuration: mayAbort, headers: [grpcAbort("5"), abort("418")], outcome: 418, details: unnamed, counted: aborted },
    { title: "a request asks for a slow response", configuration: mayPace, headers: [pace("100")], outcome: 200, counted: paced },
    { title: "a response without speed is ignored and counted", configuration: mayPace, headers: [pace("0")], outcome: 200, counted: ignored },
    { title: "a request that may not ask for aborts only asks for delays", configuration: mayPace, headers: [delay("5")], outcome: 200 },
    { title: "a request asks for two things", configuration: controlled({ delay: { max_ms: 5 }, abort: {} }), headers: [delay("5"), abort("418")], outcome: 418, details: unnamed, counted: { ...delayed, ...aborted } },
    { title: "what a request asks for goes before the rules", configuration: controlled({ abort: {} }, ruled({})), headers: [abort("418")], outcome: 418, details: unnamed, counted: aborted },
    { title: "a request that asks for nothing is left to the rules", configuration: controlled({ abort: {} }, ruled({})), outcome: 503, details: named, counted: aborted },
    { title: "what is ignored leaves a request to the rules", configuration: controlled({ abort: {} }, ruled({})), headers: [abort("1")], outcome: 503, details: named, counted: { ...aborted, ...ignored } },
    { title: "a request asks where the condition lets it", configuration: controlled({ abort: {}, when: { header: "x-fault", exact: "yes" } }), headers: [...yes, abort("418")], outcome: 418, details: unnamed, counted: aborted },
    { title: "a request asks in vain where the condition does not let it", configuration: controlled({ abort: {}, when: { header: "x-fault", exact: "yes" } }), headers: [abort("418")], outcome: 200 },
  ],
  "percentages of what is asked for": [
    { title: "a request lowers the percentage of its delay", configuration: mayDelay, headers: [delay("5"), delayPercent("0")], outcome: 200 },
    { title: "a request lowers the percentage of its abort", configuration: mayAbort, headers: [abort("418"), abortPercent("0")], outcome: 200 },
    { title: "a request lowers the percentage of its gRPC abort", configuration: mayAbort, headers: [grpcAbort("5"), abortPercent("0")], outcome: 200 },
    { title: "a request lowers the percentage of its slow response", configuration: mayPace, headers: [pace("100"), pacePercent("0")], outcome: 200 },
    { title: "a request does not raise the percentage of aborts", configuration: controlled({ abort: { percent: { numerator: 0 } } }), headers: [abort("418"), abortPercent("100")], outcome: 200 },
    { title: "a request does not raise the percentage of delays", configuration: controlled({ delay: { max_ms: 5, percent: { numerator: 0 } } }), headers: [delay("5"), delayPercent("100")], outcome: 200 },
    { title: "a request does not raise the percentage of slow responses", configuration: controlled({ pace: { least_kib_per_second: 64, percent: { numerator: 0 } } }), headers: [pace("100"), pacePercent("100")], outcome: 200 },
    { title: "a percentage beyond all is all", configuration: mayAbort, headers: [abort("418"), abortPercent("1000")], outcome: 418, details: unnamed, counted: aborted },
    { title: "a percentage that is no number is ignored and counted", configuration: mayAbort, headers: [abort("418"), abortPercent("half")], outcome: 418, details: unnamed, counted: { ...aborted, ...ignored } },
  ],
  "how many at once": [
    { title: "no request is hit where none may be", configuration: ruled({}, { max_active_faults: 0 }), outcome: 200, counted: { faults_overflow: 1 } },
    { title: "one request is hit where one may be", configuration: ruled({}, { max_active_faults: 1 }), outcome: 503, details: named, counted: aborted },
  ],
};
