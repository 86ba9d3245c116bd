import { startProxy } from "proxy-wasm-harness";

/** Sends a request through a filter, in a process that a debugger watches, and lets it look before. */
const [, , filter = ""] = process.argv;
await using proxy = await startProxy({ chain: [{ filter }], limits: { callbackMs: Infinity } });
debugger;
await proxy.get("/", { headers: { "x-word": "abc" } });
