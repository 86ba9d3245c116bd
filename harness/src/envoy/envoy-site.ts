import type { Bootstrap } from "../../api/envoy/config/bootstrap/v3/bootstrap_pb.js";
import type { EnvoySettings, Plugin } from "../backend.ts";
import type { LogLevel } from "../observation.ts";
import type { SupervisedEnvoy } from "./supervised-envoy.ts";

/** What of this machine an Envoy has by the same paths. */
export interface LocalFiles {
  /** It reads them. */
  readonly read: readonly string[];
  /** It writes into this folder. */
  readonly folder: string;
}

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
  /** Beside the modules of the plugins. */
  readonly files?: LocalFiles | undefined;
}

/** Which Envoy runs, and in what. */
export interface EnvoySite {
  /** What tells it from other sites. */
  readonly key: string;
  /** Of its Envoys, `1.40.0`; of an image as its tag has it. */
  readonly version: string;
  /** The address of this machine on which servers have to listen, so that Envoy reaches them. */
  readonly serverHost: string;
  /** Starts one, which may not serve yet. Refused as `Envoy.start` is; nothing is left behind then. */
  launch(launch: EnvoyLaunch): Promise<SupervisedEnvoy>;
}

/** Finds the Envoys of a backend. Refused as `startProxy` is where there are none. */
export type FindSite = (settings: Partial<EnvoySettings>) => Promise<EnvoySite>;
