import { modulesOf } from "../all-plugins.ts";
import type { EnvoySettings, Plugin } from "../backend.ts";
import { loadSite, realBackendNames, type RealBackendName } from "../backends.ts";
import { Disposals } from "../envoy/disposals.ts";
import { envoyFor } from "../envoy/envoy-for.ts";
import type { FindSite } from "../envoy/envoy-site.ts";
import { logLevels, type LogLevel } from "../observation.ts";
import { observingOf, observingOptionNames, type ObservingOptions } from "../observing.ts";
import { oneOf, refuseUnknownOptions } from "../options.ts";
import { envoySettingNames } from "../proxy-options.ts";
import { RunningScenario } from "./running-scenario.ts";
import { ScenarioConfiguration } from "./scenario-configuration.ts";
import type { Scenario } from "./scenario.ts";
import { StartedScenario } from "./started-scenario.ts";

/**
 * How a scenario is started.
 *
 * @category Configure Envoy
 */
export interface ScenarioOptions extends ObservingOptions {
  /** Where Envoy runs. Default `envoy`, on this machine. */
  readonly backend?: RealBackendName;
  /** Level of Envoy's `wasm` logger. Default `trace`, which fills the transcript too. */
  readonly logLevel?: LogLevel;
  /** A trap does not fail the test. Default false. */
  readonly allowTraps?: boolean;
  /** Of the Envoy itself. */
  readonly envoy?: Partial<Omit<EnvoySettings, "port">>;
  /** The folder that `.wasm` paths are relative to. Default: the working folder. */
  readonly relativeTo?: string;
  /** How long a request may take until its response is complete. Default 10,000. */
  readonly requestMs?: number;
}

const scenarioNames = ["listeners", "clusters", "secrets", "resources"];
const optionNames = [
  ...["backend", "logLevel", "allowTraps", "envoy", "relativeTo", "requestMs"],
  ...observingOptionNames,
];

/**
 * Starts a real Envoy that does what a scenario says, or takes one from a pool. Dispose of it with `await using`. Refused
 * with `configuration_refused` and the cause, `envoy_not_available`, `port_in_use`, `envoy_exited`, and as `startProxy` is.
 *
 * @category Configure Envoy
 */
export function startScenario(scenario: Scenario, options: ScenarioOptions = {}): Promise<StartedScenario> {
  return startScenarioAt(async (envoy) => (await loadSite(backendOf(options)))(envoy), scenario, options);
}

/** As `startScenario`, for Envoys that are found otherwise. */
export async function startScenarioAt(
  find: FindSite,
  scenario: Scenario,
  options: ScenarioOptions = {},
): Promise<StartedScenario> {
  refuseUnknownOptions("startScenario", scenario, scenarioNames);
  refuseUnknownOptions("startScenario", options, optionNames);
  refuseUnknownOptions("envoy", options.envoy ?? {}, envoySettingNames);
  const all = new Disposals();
  try {
    const { running, plugins } = await start({ find, scenario, options }, all);
    const { allowTraps = false } = options;
    const modules = modulesOf({ plugins, accessLoggers: [] });
    return await StartedScenario.over(running, { backend: backendOf(options), allowTraps, modules });
  } catch (error) {
    await all[Symbol.asyncDispose]();
    throw error;
  }
}

/** What runs, and the plugins in it. */
interface Started {
  readonly running: RunningScenario;
  readonly plugins: readonly Plugin[];
}

interface Start {
  readonly find: FindSite;
  readonly scenario: Scenario;
  readonly options: ScenarioOptions;
}

async function start({ find, scenario, options }: Start, all: Disposals): Promise<Started> {
  const { relativeTo = process.cwd(), requestMs = 10_000 } = options;
  const logLevel = oneOf("logLevel", options.logLevel ?? "trace", logLevels);
  const envoy = { port: 0, concurrency: 1, ...options.envoy };
  const site = await find(envoy);
  const observing = observingOf(options);
  const configuration = new ScenarioConfiguration({ relativeTo, serverHost: site.serverHost, observing });
  all.add(configuration.servers);
  const plugins = await configuration.load(scenario);
  const lease = all.add(await envoyFor({ site, plugins, services: [], logLevel, envoy, observing }));
  await configuration.serve(lease, scenario, plugins);
  return { running: new RunningScenario({ lease, configuration, all, requestMs }), plugins };
}

function backendOf({ backend = "envoy" }: ScenarioOptions): RealBackendName {
  return oneOf("backend", backend, realBackendNames);
}
