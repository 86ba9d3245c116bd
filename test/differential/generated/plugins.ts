import fc from "fast-check";
import type { Moment } from "../abi.ts";
import { begunMoments, greeted, waiting } from "../places/plugins.ts";
import type { StreamScenario } from "../play.ts";
import type { Program } from "../program.ts";
import { doesMeanwhile } from "./steps.ts";
import { messages } from "./streams.ts";

const later = [
  "proxy_on_response_headers",
  "proxy_on_log",
  "proxy_on_done of the plugin",
  "proxy_on_delete of the plugin",
] as const satisfies readonly Moment[];

const after: fc.Arbitrary<Program> = fc.record(
  Object.fromEntries(
    later.map((moment) => [
      moment,
      fc.record({ steps: doesMeanwhile, returns: fc.constant(/done/.test(moment) ? 1 : 0) }),
    ]),
  ) as Record<(typeof later)[number], fc.Arbitrary<Program["proxy_on_log"] & object>>,
  { requiredKeys: [] },
);

/** A stream that waits for a callback of its plugin, which may end afterwards. */
export const plugins: fc.Arbitrary<StreamScenario> = fc
  .record({
    moment: fc.constantFrom(...begunMoments),
    steps: doesMeanwhile,
    more: after,
    exchange: messages,
  })
  .map(({ moment, steps, more, exchange }) => ({
    ...exchange,
    ...greeted,
    program: { ...more, ...waiting(moment, steps) },
    ends: Object.keys(more).some((key) => key.endsWith("plugin")),
  }));
