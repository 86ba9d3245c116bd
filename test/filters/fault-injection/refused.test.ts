import { startProxy } from "proxy-wasm-harness";
import { expect } from "vitest";
import { inProject, test } from "../../project.ts";

type Json = Record<string, unknown>;

const rule = { name: "r", abort: { http_status: 503 } };
const ruled = (changed: Json): Json => ({ rules: [{ ...rule, ...changed }] });
const doing = (faults: Json): Json => ({ rules: [{ name: "r", ...faults }] });
const delayed = (delay: unknown): Json => doing({ delay });
const aborted = (changed: Json): Json => ruled({ abort: { http_status: 503, ...changed } });
const controlled = (header_control: unknown): Json => ({ header_control });
const withOption = (options: Json): Json => ({ rules: [rule], ...options });

/** A configuration that is wrong, and the line that says where and why. */
// A table: one line a case.
// prettier-ignore
const wrong: Array<[what: string, configuration: unknown, message: RegExp]> = [
  ["no object", [], /must be an object/],
  ["nothing to do", {}, /rules .*must hold a rule, or header_control/],
  ["no rule", { rules: [] }, /rules \(line 1\): must hold a rule, or header_control/],
  ["rules that are no list", { rules: {} }, /rules \(line 1\): must be an array/],
  ["too many rules", { rules: Array.from({ length: 65 }, (_, i) => ({ ...rule, name: `r${i}` })) }, /rules \(line 1\): must have at most 64 elements/],
  ["a mistyped key", withOption({ sead: 1 }), /sead \(line 1\).*seed/],
  ["a rule without a name", { rules: [{ abort: { http_status: 503 } }] }, /rules\[0\]\.name .*is missing/],
  ["an empty name", ruled({ name: "" }), /rules\[0\]\.name .*1 to 64 of letters/],
  ["a name that is too long", ruled({ name: "x".repeat(65) }), /rules\[0\]\.name .*1 to 64 of letters/],
  ["a name with a blank", ruled({ name: "a b" }), /rules\[0\]\.name .*1 to 64 of letters/],
  ["a name of two rules", { rules: [rule, rule] }, /rules\[1\]\.name .*must not be that of another rule/],
  ["a rule that does nothing", doing({}), /rules\[0\]\.name .*must stand beside delay, abort/],
  ["a condition that is none", ruled({ when: {} }), /rules\[0\]\.when .*must have one of header/],
  ["a percentage that is a number", ruled({ percent: 5 }), /rules\[0\]\.percent .*must be an object/],
  ["a percentage without a numerator", ruled({ percent: {} }), /percent\.numerator .*is missing/],
  ["less than none", ruled({ percent: { numerator: -1 } }), /percent\.numerator .*from 0 to 100/],
  ["more than all", ruled({ percent: { numerator: 101 } }), /percent\.numerator .*from 0 to 100/],
  ["more than all of ten thousand", ruled({ percent: { numerator: 10_001, denominator: "TEN_THOUSAND" } }), /percent\.numerator .*from 0 to 10000/],
  ["more than all of a million", ruled({ percent: { numerator: 1_000_001, denominator: "MILLION" } }), /percent\.numerator .*from 0 to 1000000/],
  ["an unknown denominator", ruled({ percent: { numerator: 1, denominator: "TWO" } }), /percent\.denominator .*HUNDRED, TEN_THOUSAND, MILLION/],

  ["a delay that is a number", delayed(5), /rules\[0\]\.delay .*must be an object/],
  ["a delay without a kind", delayed({}), /rules\[0\]\.delay .*must have one of fixed_ms/],
  ["a delay of two kinds", delayed({ fixed_ms: 1, uniform: { from_ms: 1, to_ms: 2 } }), /rules\[0\]\.delay .*one of fixed_ms/],
  ["no delay", delayed({ fixed_ms: 0 }), /delay\.fixed_ms .*from 1 to 3600000/],
  ["a delay of more than an hour", delayed({ fixed_ms: 3_600_001 }), /delay\.fixed_ms .*from 1 to 3600000/],
  ["a delay of half a millisecond", delayed({ fixed_ms: 0.5 }), /delay\.fixed_ms .*whole number/],
  ["a uniform delay from below 0", delayed({ uniform: { from_ms: -1, to_ms: 2 } }), /uniform\.from_ms .*from 0 to/],
  ["a uniform delay that ends before it begins", delayed({ uniform: { from_ms: 5, to_ms: 4 } }), /uniform\.to_ms .*from 5 to/],
  ["an exponential delay without a longest", delayed({ exponential: { mean_ms: 5 } }), /exponential\.max_ms .*is missing/],
  ["an exponential delay with a maximum below its mean", delayed({ exponential: { mean_ms: 5, max_ms: 4 } }), /exponential\.max_ms .*from 5 to/],
  ["a normal delay without deviation", delayed({ normal: { mean_ms: 5, stddev_ms: 0, max_ms: 9 } }), /normal\.stddev_ms .*from 1 to/],
  ["a normal delay with a negative mean", delayed({ normal: { mean_ms: -5, stddev_ms: 1, max_ms: 9 } }), /normal\.mean_ms .*from 0 to/],
  ["a normal delay with a maximum below its mean", delayed({ normal: { mean_ms: 5, stddev_ms: 1, max_ms: 4 } }), /normal\.max_ms .*from 5 to/],

  ["an abort without a status", ruled({ abort: {} }), /rules\[0\]\.abort .*either http_status or grpc_status/],
  ["an abort with two statuses", aborted({ grpc_status: 1 }), /rules\[0\]\.abort .*either http_status or grpc_status/],
  ["a status below 200", aborted({ http_status: 199 }), /abort\.http_status .*from 200 to 599/],
  ["a status above 599", aborted({ http_status: 600 }), /abort\.http_status .*from 200 to 599/],
  ["a negative gRPC status", ruled({ abort: { grpc_status: -1 } }), /abort\.grpc_status .*from 0 to 16/],
  ["a gRPC status above 16", ruled({ abort: { grpc_status: 17 } }), /abort\.grpc_status .*from 0 to 16/],
  ["a body that is a number", aborted({ body: 1 }), /abort\.body .*must be a string/],
  ["headers that are an object", aborted({ headers: { a: "b" } }), /abort\.headers .*must be an array/],
  ["a header that is no name", aborted({ headers: [{ name: "a b", value: "c" }] }), /headers\[0\]\.name .*name of a header/],
  ["a pseudo-header", aborted({ headers: [{ name: ":status", value: "200" }] }), /headers\[0\]\.name .*name of a header/],
  ["a header with a line end", aborted({ headers: [{ name: "a", value: "b\r\nc: d" }] }), /headers\[0\]\.value .*must not hold CR/],
  ["a header without a value", aborted({ headers: [{ name: "a" }] }), /headers\[0\]\.value .*is missing/],

  ["a reset at no place", doing({ reset: {} }), /reset\.at .*is missing/],
  ["a reset at an unknown place", doing({ reset: { at: "trailers" } }), /reset\.at .*request, response_headers, response_body/],
  ["no pace", doing({ pace: { bytes_per_second: 0 } }), /pace\.bytes_per_second .*from 1 to 1000000000/],
  ["a pace that is too fast", doing({ pace: { bytes_per_second: 1_000_000_001 } }), /pace\.bytes_per_second .*from 1 to 1000000000/],
  ["less than no body", doing({ truncate: { body_bytes: -1 } }), /truncate\.body_bytes .*from 0 to/],
  ["a cut without a place", doing({ truncate: {} }), /truncate\.body_bytes .*is missing/],
  ["an abort and a reset", ruled({ reset: { at: "request" } }), /rules\[0\]\.reset .*must not stand beside another of abort, reset, pace and truncate/],
  ["an abort and a pace", ruled({ pace: { bytes_per_second: 1 } }), /rules\[0\]\.pace .*must not stand beside/],
  ["a pace and a cut", doing({ pace: { bytes_per_second: 1 }, truncate: { body_bytes: 1 } }), /rules\[0\]\.truncate .*must not stand beside/],

  ["header control that is true", controlled(true), /header_control .*must be an object/],
  ["a mistyped key of header control", controlled({ delays: {} }), /header_control\.delays.*delay/],
  ["header control by a condition that is none", controlled({ when: {}, abort: {} }), /header_control\.when .*must have one of/],
  ["delays without a longest", controlled({ delay: {} }), /header_control\.delay\.max_ms .*is missing/],
  ["a longest delay of nothing", controlled({ delay: { max_ms: 0 } }), /header_control\.delay\.max_ms .*from 1 to 3600000/],
  ["aborts that are true", controlled({ abort: true }), /header_control\.abort .*must be an object/],
  ["aborts of more than all", controlled({ abort: { percent: { numerator: 101 } } }), /header_control\.abort\.percent\.numerator .*from 0 to 100/],
  ["slow responses without a slowest", controlled({ pace: {} }), /pace\.least_kib_per_second .*is missing/],
  ["a slowest response of nothing", controlled({ pace: { least_kib_per_second: 0 } }), /pace\.least_kib_per_second .*from 1 to/],

  ["less than no active faults", withOption({ max_active_faults: -1 }), /max_active_faults .*from 0 to 4294967295/],
  ["a seed below 0", withOption({ seed: -1 }), /seed .*from 0 to/],
  ["a seed that no number holds", withOption({ seed: 2 ** 53 }), /seed .*from 0 to 9007199254740991/],
  ["an unknown policy for repeated headers", withOption({ repeated: "last" }), /repeated .*refuse, first, every/],
  ["hops that are no number", withOption({ trusted_hops: "1" }), /trusted_hops .*whole number/],
  ["case that is a text", withOption({ case_sensitive: "no" }), /case_sensitive .*true or false/],
  ["an unknown policy for encoded slashes", withOption({ encoded_slashes: "drop" }), /encoded_slashes .*refuse, keep, decode/],
  ["an unknown policy for parameters", withOption({ path_parameters: "drop" }), /path_parameters .*refuse, keep, remove/],
];

test.for(wrong)("refused to start: %s", async ([, configuration, message], { envoys }) => {
  const chain = [{ filter: "fault-injection", configuration: JSON.stringify(configuration) }];

  await expect(startProxy({ ...inProject(envoys), chain })).rejects.toMatchObject({
    code: "configuration_refused",
    message: expect.stringMatching(message),
  });
});
