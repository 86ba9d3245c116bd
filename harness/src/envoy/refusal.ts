import type { Plugin } from "../backend.ts";
import { HarnessError } from "../errors.ts";
import type { Trap } from "../observation.ts";
import { trapError } from "../trap.ts";
import { exitText, lastLines } from "./supervised-envoy.ts";
import type { EnvoyLog } from "./envoy-log.ts";
import { parseFilterLog } from "./filter-log.ts";
import { unwritable } from "./guard.ts";
import { noRoom } from "./no-room.ts";
import { normalised, type LogLine } from "./log-line.ts";

/** What was refused: plugins, and the port. */
export interface Refused {
  readonly plugins: readonly Plugin[];
  /** 0 when any free one was asked for. */
  readonly port: number;
  /** Of an Envoy that has ended; one that goes on has none. */
  readonly exitCode?: number;
}

/**
 * Why Envoy ended before it served: the cause first, which stands in the `wasm` log and not in Envoy's last word,
 * then its last lines, then what to do.
 */
export function refusal(log: EnvoyLog, exitCode: number, refused: Refused): HarnessError {
  if (exitCode > 128) return crash(log, exitCode, refused);
  if (exitCode === unwritable)
    return noRoom(`its configuration: ${log.tail.at(-1) ?? "no reason was given"}`);
  if (log.problems.length === 0) return neverStarted(log, exitCode);
  return refusalOf(normalised(log.problems[0]?.text ?? ""), log, { ...refused, exitCode });
}

/** As `refusal`, of a configuration that Envoy has rejected with a message, and goes on without. */
export function refusalOf(message: string, log: EnvoyLog, refused: Refused): HarnessError {
  if (/cannot bind .*Address already in use/.test(message)) return portInUse(message, refused);
  const withoutWasm = log.tail.find((line) => line.includes("Envoy was compiled without support"));
  if (withoutWasm !== undefined) return cannotRunWasm(withoutWasm);
  const cause = moduleCause(log, refused.plugins) ?? { text: message, remedy: "Mend the configuration." };
  const ended = refused.exitCode === undefined ? "" : `Envoy ended with ${exitText(refused.exitCode)}.\n`;
  return new HarnessError(
    "configuration_refused",
    `${cause.text}\n${ended}${lastLines(log)}\n${cause.remedy}`,
  );
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

function portInUse(problem: string, { port }: Refused): HarnessError {
  return new HarnessError(
    "port_in_use",
    `port ${port} of 127.0.0.1 is in use: ${problem}\n` +
      "End the program that listens there, name another port, or leave the port at 0 to get a free one.",
  );
}

function neverStarted(log: EnvoyLog, exitCode: number): HarnessError {
  return new HarnessError(
    "envoy_exited",
    `Envoy ended with ${exitText(exitCode)} before it served, without an error in its log\n${lastLines(log)}`,
  );
}

/** As the package index's 1.38.3. */
function cannotRunWasm(problem: string): HarnessError {
  return new HarnessError(
    "unsupported",
    `this Envoy cannot run Wasm: ${problem}\n` +
      "Use another one: see ENVOY_PATH, PATH, or what `npx proxy-wasm fetch-envoy` gets.",
  );
}

/** The cause in the words of the `wasm` logger; null when no module was refused. */
export function moduleCause({ problems, newTraps }: EnvoyLog, plugins: readonly Plugin[]): Cause | null {
  const wasm = problems.filter(({ logger }) => logger === "wasm");
  const name = pluginThatFailed(wasm);
  if (name === null) return null;
  const said = wasm.flatMap((line) => parseFilterLog(line, plugins)?.message ?? []);
  const [trap] = newTraps;
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
