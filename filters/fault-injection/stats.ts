import { Counter, Gauge } from "as-proxy-wasm";

// Names as those of Envoy's own fault filter, where it has one.
export const delaysInjected = new Counter("fault_injection.delays_injected");
export const abortsInjected = new Counter("fault_injection.aborts_injected");
export const responsesPaced = new Counter("fault_injection.response_rl_injected");
export const resetsInjected = new Counter("fault_injection.resets_injected");
export const truncationsInjected = new Counter("fault_injection.truncations_injected");
export const faultsOverflow = new Counter("fault_injection.faults_overflow");
export const headerValuesIgnored = new Counter("fault_injection.header_values_ignored");
export const activeFaults = new Gauge("fault_injection.active_faults");
