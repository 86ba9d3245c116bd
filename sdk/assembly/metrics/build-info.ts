import { proxy_define_metric, proxy_record_metric } from "../abi/imports";
import { resultNumber, resultSlot } from "../abi/memory";
import { MetricType } from "../abi/types";
import { Bytes, utf8 } from "../bytes";
import { succeededAtStart } from "../host-calls";

/**
 * Sets the gauge that says which build of a filter is loaded to 1: `proxy_wasm.build_info` with the labels `filter`,
 * `version` and `build`. The transform makes its name.
 */
export function publishBuildInfo(name: Bytes): void {
  const status = proxy_define_metric(MetricType.Gauge, name.start, name.length, resultSlot());
  if (!succeededAtStart(utf8("proxy_define_metric"), status)) return;
  succeededAtStart(utf8("proxy_record_metric"), proxy_record_metric(resultNumber<u32>(), 1));
}
