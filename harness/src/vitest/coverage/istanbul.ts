/** As `proxy-wasm-harness/vitest/coverage`, with istanbul's coverage of the JavaScript. */
import { coverageBeside } from "./coverage-beside.ts";

export default coverageBeside("istanbul");
