import type { Plugin, Scenario } from "../backend.ts";
import { HarnessError } from "../errors.ts";
import type { Trap } from "../observation.ts";
import { trapError } from "../trap.ts";
import { exitText, lastLines } from "./envoy-process.ts";
import type { EnvoyLog } from "./envoy-log.ts";
import { parseFilterLog } from "./filter-log.ts";
import { normalised, type LogLine } from "./log-line.ts";

/** What was refused: plugins, and the port. */
type Refused = Pick<Scenario, "plugins" | "envoy">;

/**
 * Why Envoy ended before it served: the cause first, which stands in the `wasm` log and not in Envoy's last word,
 * then its last lines, then what to do.
 */
export function refusal(log: EnvoyLog, exitCode: number, scenario: Refused): HarnessError {
  if (exitCode > 128) return crash(log, exitCode, scenario);
  const problems = log.problems.map(({ text }) => normalised(text));
  const taken = problems.find((text) => /cannot bind .*Address already in use/.test(text));
  if (taken !== undefined) return portInUse(taken, scenario);
  if (log.problems.length === 0) return neverStarted(log, exitCode);
  const cause = moduleCause(log, scenario.plugins) ?? {
    text: problems[0] ?? "",
    remedy: "Mend the configuration.",
  };
  return new HarnessError("configuration_refused", `${cause.text}\n${lastLines(log)}\n${cause.remedy}`);
}

/** Why a module was refused. */
export interface Cause {
  readonly text: string;
  readonly remedy: string;
}

function crash(log: EnvoyLog, exitCode: number, { plugins }: Refused): HarnessError {
  const modules = [...new Set(plugins.map(({ module }) => module.path))];
  return new HarnessError(
    "envoy_exited",
    `Envoy crashed with ${exitText(exitCode)} while it loaded ${modules.join(", ") || "its configuration"}\n` +
      `${lastLines(log)}\n` +
      "A host call in a start section does that, and so does an exported function with a v128 or reference type: " +
      modules.map((file) => `\`npx proxy-wasm check ${file}\``).join(", ") +
      " says which.",
  );
}

function portInUse(problem: string, { envoy }: Refused): HarnessError {
  return new HarnessError(
    "port_in_use",
    `port ${envoy.port} of 127.0.0.1 is in use: ${problem}\n` +
      "End the program that listens there, name another port, or leave the port at 0 to get a free one.",
  );
}

function neverStarted(log: EnvoyLog, exitCode: number): HarnessError {
  return new HarnessError(
    "envoy_exited",
    `Envoy ended with ${exitText(exitCode)} before it served, without an error in its log\n${lastLines(log)}`,
  );
}

/** The cause in the words of the `wasm` logger; null when no module was refused. */
export function moduleCause({ problems, traps }: EnvoyLog, plugins: readonly Plugin[]): Cause | null {
  const wasm = problems.filter(({ logger }) => logger === "wasm");
  const name = pluginThatFailed(wasm);
  if (name === null) return null;
  const said = wasm.flatMap((line) => parseFilterLog(line, plugins)?.message ?? []);
  const [trap] = traps;
  if (trap !== undefined) return trapped({ ...trap, plugin: name });
  const refused = wasm.flatMap(({ text }) => refusals[text] ?? [])[0];
  if (refused !== undefined)
    return { text: `plugin "${name}" ${refused}${spoken(said)}`, remedy: refusedRemedy };
  const first = wasm.find((line) => parseFilterLog(line, plugins) === null)?.text ?? "";
  const file = plugins.find((plugin) => plugin.name === name)?.module.path ?? "FILE";
  return {
    text: `plugin "${name}" was not loaded: ${first.replace(/^Wasm VM failed /, "")}`,
    remedy: `\`npx proxy-wasm check ${file}\` says what to change in the module.`,
  };
}

function pluginThatFailed(lines: readonly LogLine[]): string | null {
  const names = lines.flatMap(({ text }) => /^Plugin (.*) failed to load$/.exec(text)?.[1] ?? []);
  return names[0] ?? null;
}

const refusedRemedy = "Mend the plugin's configuration, or what the filter accepts.";
const refusals: Readonly<Record<string, string>> = {
  "Wasm VM failed Failed to configure base Wasm plugin": "refused its configuration",
  "Wasm VM failed Failed to start base Wasm": "refused to start (proxy_on_vm_start returned 0)",
};

/** What the filter itself logged at level error and above, which is where it gives its reason. */
function spoken(messages: readonly string[]): string {
  return messages.length === 0 ? ", and logged nothing at level error" : `: ${messages.join("; ")}`;
}

function trapped(trap: Trap): Cause {
  return {
    text: trapError(trap).message,
    remedy: "Mend the filter: nothing that it is configured with should trap.",
  };
}
