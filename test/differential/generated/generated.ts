import fc from "fast-check";
import type { Scenario } from "../play.ts";
import { connections } from "./connections.ts";
import { plugins } from "./plugins.ts";
import { chains, streams } from "./streams.ts";

/** Any scenario that ends by itself, and of which Envoy does not die. */
export const anyScenario: fc.Arbitrary<Scenario> = fc.oneof(
  { weight: 4, arbitrary: streams },
  { weight: 2, arbitrary: chains },
  { weight: 2, arbitrary: plugins },
  { weight: 2, arbitrary: connections },
);
