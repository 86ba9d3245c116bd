import fc from "fast-check";
import { step } from "../flows/step.ts";
import { probes } from "../probes.ts";

export { step };

const name = fc.constantFrom("x-a", "X-A", "x-two", "x-new", "x-sum", "accept", "cookie", "set-cookie", "x");
const value = fc.constantFrom("", "1", "two words", "a,b", "\u00ff\u00e9", "0".repeat(300));
const map = fc.integer({ min: 0, max: 9 });
/** Without 7, which has the program, and 8, by which Envoy means whatever it has looked for last. */
const buffer = fc.constantFrom(0, 1, 2, 3, 4, 5, 6, 9);
const small = fc.constantFrom(0, 1, 2, 5, 100, -1);
const key = fc.constantFrom("", "a", "b", "a\0b");
/** Those of metrics are others. */
const kept = fc.integer({ min: 11, max: 13 });
const slot = kept.map((number) => ({ slot: number }));
const fields = fc.array(fc.tuple(name, value), { maxLength: 4 });

/** A host call that lets the stream go on as it went, but for what depends on how much has come when a reply ends it. */
const probed = Object.values(probes)
  .flat()
  .filter(({ with: [path] }) => !/^request\0(total_)?size$/.test(String(path)));
const reading = fc.constantFrom(...probed);

/** What of it shows what other VMs have done, and what is about calls that may be open. */
const ofOthers = /metric|shared_(data|queue)/;
const ofGrpc = /grpc/;

const inMaps = fc.oneof(
  fc.tuple(map, name, value).map(([m, n, v]) => step("proxy_add_header_map_value", m, n, v)),
  fc.tuple(map, name, value).map(([m, n, v]) => step("proxy_replace_header_map_value", m, n, v)),
  fc.tuple(map, name).map(([m, n]) => step("proxy_remove_header_map_value", m, n)),
  fc.tuple(fc.constantFrom(1, 3, 4, 6, 8), fields).map(([m, f]) => step("proxy_set_header_map_pairs", m, f)),
  fc.tuple(map, name).map(([m, n]) => step("proxy_get_header_map_value", m, n)),
);
const inBuffers = fc.oneof(
  fc.tuple(buffer, small, small, value).map(([b, s, l, v]) => step("proxy_set_buffer_bytes", b, s, l, v)),
  fc.tuple(buffer, small, small).map(([b, s, l]) => step("proxy_get_buffer_bytes", b, s, l)),
);
const properties = fc.oneof(
  fc.tuple(key, value).map(([k, v]) => step("proxy_set_property", k, v)),
  key.map((k) => step("proxy_get_property", k)),
);
const sharedData = fc.oneof(
  fc
    .tuple(key, value, fc.oneof(fc.constant(0), slot))
    .map(([k, v, c]) => step("proxy_set_shared_data", k, v, c)),
  fc.tuple(key, kept).map(([k, keep]) => ({ ...step("proxy_get_shared_data", k), keep })),
);
const contexts = fc.constantFrom(
  step("proxy_set_effective_context", 0),
  step("proxy_set_effective_context", 2),
  step("proxy_set_effective_context", 1),
);

const maxLength = 6;

/** What a filter of a stream does in a callback. */
export const does = fc.array(fc.oneof(reading, inMaps, inBuffers, properties, sharedData, contexts), {
  maxLength,
});

/** What one of several filters does: nothing in the name of another. */
export const doesAlone = fc.array(fc.oneof(reading, inMaps, inBuffers, properties, sharedData), {
  maxLength,
});

/** What is done while something is awaited. */
export const doesMeanwhile = fc.array(
  fc.oneof(
    fc.constantFrom(...probed.filter(({ call }) => !ofGrpc.test(call))),
    inMaps,
    properties,
    sharedData,
  ),
  { maxLength },
);

/** What a plugin does while it starts, in each VM. */
export const doesAtStart = fc.array(
  fc.oneof(
    fc.constantFrom(...probed.filter(({ call }) => !ofOthers.test(call))),
    inMaps,
    inBuffers,
    properties,
  ),
  { maxLength },
);

/** What lets something pass of what a client and an upstream send. */
const data = fc.constantFrom("x", "longer text", "\u00ff\u0000");
const inData = fc
  .tuple(fc.constantFrom(2, 3), fc.constantFrom(0, 2, 9_999), fc.constantFrom(0, 3, -1), data)
  .map(([b, s, l, v]) => step("proxy_set_buffer_bytes", b, s, l, v));
const ofData = fc
  .tuple(fc.constantFrom(2, 3), small, small)
  .map(([b, s, l]) => step("proxy_get_buffer_bytes", b, s, l));

/** What a filter of a connection does. */
export const doesToConnections = fc.array(
  fc.oneof(reading, inData, ofData, inMaps, properties, sharedData, contexts),
  { maxLength },
);
