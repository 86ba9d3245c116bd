/** `coverage: { provider: "custom", customProviderModule: "proxy-wasm-harness/vitest/coverage" }`: filters beside V8's. */
import { coverageBeside } from "./coverage-beside.ts";

export default coverageBeside("v8");
