/** Holds containers until it is killed: starts one for each line that it reads, and prints its id when Envoy serves. */
import { createInterface } from "node:readline";
import { EnvoyContainer } from "proxy-wasm-harness/container";
import { bootstrap } from "../container-bootstrap.ts";

createInterface({ input: process.stdin }).on("line", async () => {
  const envoy = await new EnvoyContainer().withBootstrap(bootstrap()).start();
  console.log(envoy.getId());
});
