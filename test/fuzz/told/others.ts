import fc from "fast-check";
import { flag } from "./bytes.ts";
import { maybe } from "./fields.ts";
import { hostile } from "./hostile.ts";
import { operation } from "./steps.ts";

const amount = fc.oneof(
  fc.bigInt({ min: 0n, max: 9n }),
  fc.constantFrom(0xffff_ffffn, 2n ** 63n - 1n, -1n, 2n ** 32n),
);
const path = fc.oneof(
  fc.constantFrom(
    "xds\0node\0id",
    "source\0port",
    "request\0size",
    "connection\0mtls",
    "odd",
    "xds\0route_metadata",
  ),
  hostile,
);
const label = fc.oneof(fc.constantFrom("GET", "", "a}{b=c", "%7D", "x".repeat(120)), hostile);

/** Metrics: what is wrong with them, the host sees. */
// A table: one line an operation.
// prettier-ignore
export const metricOperations = [
  operation("Metric.Count", fc.tuple(amount)),
  operation("Metric.Add", fc.tuple(amount, fc.boolean())),
  operation("Metric.Subtract", fc.tuple(amount, fc.boolean())),
  operation("Metric.Set", fc.tuple(amount, fc.boolean())),
  operation("Metric.Record", fc.tuple(amount)),
  operation("Metric.LabelledCount", fc.tuple(amount, label, label)),
  operation("Metric.LabelledAdd", fc.tuple(amount, label, label, label)),
  operation("Metric.LabelledRecord", fc.tuple(amount, label)),
];

/** Properties of any length, whatever their type should be. */
// A table: one line an operation.
// prettier-ignore
export const propertyOperations = [
  operation("Property.Get", fc.tuple(path), ([name], { state }) => maybe(state.properties.get(name))),
  operation("Property.Set", fc.tuple(path, hostile), () => "1"),
  operation("Property.Integer", fc.tuple(path), ([name], { state }) => String(integer(state.properties.get(name), 7n))),
  operation("Property.Double", fc.tuple(path), ([name], { state }) => String(integer(state.properties.get(name), 0x401c_0000_0000_0000n))),
  operation("Property.Boolean", fc.tuple(path), ([name], { state }) => flag(boolean(state.properties.get(name)))),
  operation("Property.Typed", fc.tuple(hostile)),
  operation("Property.Route", fc.tuple(fc.constant("")), (_, world) => world.route),
];

/** As a binary schema of FlatBuffers begins. */
const flatSchema = "\x10\0\0\0BFBS";

/** Foreign functions, of which the light host has but one answer; logs, clocks and randomness. */
// A table: one line an operation.
// prettier-ignore
export const foreignOperations = [
  operation("Foreign.Call", fc.tuple(hostile, hostile), (_, { state }) => maybe(state.foreign.status === 0 ? state.foreign.bytes : undefined)),
  operation("Foreign.Compress", fc.tuple(hostile)),
  operation("Foreign.Uncompress", fc.tuple(hostile)),
  operation("Foreign.ClearRouteCache", fc.tuple(fc.constant(""))),
  operation("Foreign.SetFilterState", fc.tuple(hostile, hostile)),
  operation("Foreign.Declare", fc.tuple(hostile, fc.oneof(hostile, fc.constant(flatSchema)), fc.boolean(), fc.boolean()), ([, schema, , isFlat]) => (isFlat && schema.slice(4, 8) !== "BFBS" ? flag(false) : null)),
  operation("Foreign.Verify", fc.tuple(fc.oneof(hostile, fc.constant("-----BEGIN PUBLIC KEY")), hostile, hostile)),
  operation("Foreign.Sign", fc.tuple(fc.oneof(hostile, fc.constant("-----BEGIN PRIVATE KEY")), hostile)),
  operation("Foreign.Evaluate", fc.tuple(hostile)),
  operation("Foreign.Log", fc.tuple(hostile)),
  operation("Foreign.Platform", fc.tuple(hostile), () => "1"),
];

function integer(bytes: string | undefined, absent: bigint): bigint {
  return bytes?.length === 8 ? Buffer.from(bytes, "latin1").readBigInt64LE() : absent;
}

function boolean(bytes: string | undefined): boolean {
  return bytes?.length === 1 ? bytes !== "\0" : true;
}
