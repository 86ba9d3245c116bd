import { create } from "@bufbuild/protobuf";
import { any } from "proxy-wasm-harness";
import { FaultDelay_HeaderDelaySchema } from "proxy-wasm-harness/api/envoy/extensions/filters/common/fault/v3/fault";
import { HTTPFaultSchema } from "proxy-wasm-harness/api/envoy/extensions/filters/http/fault/v3/fault";
import { FractionalPercent_DenominatorType as Of } from "proxy-wasm-harness/api/envoy/type/v3/percent";
import { cluster, listener, route, type Scenario, wasm } from "proxy-wasm-harness/scenario";
import { fileURLToPath } from "node:url";

/** The ways to delay a request, as listeners of one Envoy; Envoy's own is what the others are held against. */
export const mechanisms = ["native", "tick", "callout"] as const;
export type Mechanism = (typeof mechanisms)[number];

/** How long a request is to be held. */
export const DELAY = "x-envoy-fault-delay-request";

const native = any(HTTPFaultSchema, {
  delay: {
    percentage: { numerator: 100, denominator: Of.HUNDRED },
    faultDelaySecifier: { case: "headerDelay", value: create(FaultDelay_HeaderDelaySchema) },
  },
});
const filters = {
  native,
  tick: wasm("fault-injection", { header_control: { delay: { max_ms: 60_000 } } }),
  callout: wasm(fileURLToPath(new URL("../../build/bench/delay-by-callout.wasm", import.meta.url))),
};

/** A listener for each mechanism, which answers by itself; `silent` is where nobody ever answers. */
export function delaying(silent: string): Scenario {
  return {
    listeners: mechanisms.map((name) =>
      listener(name, { httpFilters: [filters[name]], routes: [route("/", 200)] }),
    ),
    clusters: [cluster("silent", silent)],
  };
}
