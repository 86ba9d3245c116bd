import fc from "fast-check";
import type { Field } from "../host/fields.ts";
import type { LightHost } from "../host/light-host.ts";
import { agree } from "../told/world.ts";
import { hostile } from "../told/hostile.ts";
import { conditionSeeds, oftener, ruleName, words } from "./condition-seeds.ts";
import { declaredBy, schemaOf } from "./declared.ts";
import { filterHandles } from "./drive.ts";
import { type FilterSession, filterSessions } from "./sessions.ts";

const exclusive = ["abort", "reset", "pace", "truncate"];

/** Configurations of the shape that the schema declares; one of so many values is wrong. */
function declared(oneOf: number): fc.Arbitrary<unknown> {
  const mostly = oftener(oneOf);
  const ms = mostly(fc.constantFrom(2, 5, 50, 3_600_000), fc.constantFrom(0, -1, 3_600_001));
  const seeds = {
    ...conditionSeeds(mostly),
    name: ruleName(mostly),
    ...{ fixed_ms: ms, from_ms: fc.constantFrom(0, 1), to_ms: ms },
    ...{ mean_ms: fc.constantFrom(1, 2), stddev_ms: ms, max_ms: ms },
    ...{ numerator: fc.constantFrom(0, 1, 50, 99, 100), body_bytes: fc.constantFrom(0, 1, 100) },
    max_active_faults: fc.constantFrom(0, 1, 2, 4_294_967_295),
    ...{ body: words("a é"), value: mostly(words("1 é"), fc.constant("a\n")) },
  };
  return declaredBy(schemaOf("fault-injection"), seeds, oneOf);
}

/** Takes what contradicts another fault out of each rule. */
function withoutContradictions(configuration: unknown): unknown {
  const { rules } = (configuration ?? {}) as { rules?: unknown };
  if (!Array.isArray(rules)) return configuration;
  const mended = rules.map((rule: unknown) => {
    const entries = Object.entries((rule ?? {}) as object);
    const first = entries.find(([key]) => exclusive.includes(key));
    const kept = entries.filter((entry) => entry === first || !exclusive.includes(entry[0]));
    return Object.fromEntries([
      ...(first === undefined ? [["reset", { at: "request" }]] : []),
      ...kept,
    ]) as object;
  });
  return { ...(configuration as object), rules: mended };
}

const configuration = fc.oneof(
  declared(80),
  ...[declared(2_000), declared(2_000)].map((each) => each.map(withoutContradictions)),
);

const numbers =
  "0 1 5 5ms -5 +5 0x5 5e0 0.5 199 200 418 599 600 17 100 1000 65954 4294967301 18446744073709551621 \xd9\xa5".split(
    " ",
  );
const controls = ["delay-request", "abort-request", "abort-grpc-request", "throughput-response"];
const lines = fc
  .tuple(
    fc.constantFrom(...controls.flatMap((name) => [name, `${name}-percentage`])),
    fc.oneof(fc.constantFrom(...numbers, "9".repeat(30), "1".repeat(40_000)), hostile),
  )
  .map(([name, value]): Field => [`x-envoy-fault-${name}`, value.replace(/[\0\r\n]/g, "")]);

/** Streams that faults hit, or that ask for them. */
export const faultSession: fc.Arbitrary<FilterSession> = filterSessions({ configuration, lines });

/** What a fault did is over when its stream is: nothing is active. */
export function faultsEnd(host: LightHost, session: FilterSession): void {
  const mayAsk = /^(respond [2-5]\d\d|continue [01]|close [01])$/;
  const passed = filterHandles(host, { rootId: "fault-injection", mayAsk }, session);
  if (passed === null || session.rivals > 0) return;
  const active = host.state.metrics.find(({ name }) => name === "fault_injection.active_faults");
  agree("what is active", String(active?.value ?? 0n), "0");
}
