/** Holds a container until it is killed: prints its id when Envoy serves. */
import { EnvoyContainer } from "proxy-wasm-harness/container";
import { bootstrap } from "../container-bootstrap.ts";

const envoy = await new EnvoyContainer().withBootstrap(bootstrap()).start();
console.log(envoy.getId());
process.stdin.resume();
