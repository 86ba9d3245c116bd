import type { Bootstrap } from "../../api/envoy/config/bootstrap/v3/bootstrap_pb.js";
import type { Plugin } from "../backend.ts";
import type { LogLevel } from "../observation.ts";
import type { SupervisedEnvoy } from "./supervised-envoy.ts";

/** What an Envoy is started with. */
export interface EnvoyLaunch {
  /** Built for loopback, while what it is for begins. */
  readonly bootstrap: Promise<Bootstrap>;
  /** Those of the bootstrap, which speak before any listener does. */
  readonly plugins: readonly Plugin[];
  /** Worker threads. */
  readonly concurrency: number;
  /** How long what an update replaces may take to come to its end. */
  readonly drainSeconds: number;
  /** Of Envoy's `wasm` logger. */
  readonly logLevel: LogLevel;
  /** How long it may take until it serves. */
  readonly startMs: number;
}

/** Which Envoy runs, and in what. */
export interface EnvoySite {
  /** What tells it from other sites. */
  readonly key: string;
  /** The address of this machine on which servers have to listen, so that Envoy reaches them. */
  readonly serverHost: string;
  /** Starts one, which may not serve yet. Refused as `Envoy.start` is; nothing is left behind then. */
  launch(launch: EnvoyLaunch): Promise<SupervisedEnvoy>;
}
