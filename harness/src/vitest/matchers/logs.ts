import { nearest } from "../../nearest.ts";
import type { EnvoyLogEntry, LogEntry, LogLevel } from "../../observation.ts";
import { judge, listed, matches, type Judgement } from "./judgement.ts";

export function toHaveLogged(
  logs: readonly LogEntry[],
  level: LogLevel,
  message: string | RegExp,
): Judgement {
  const pass = logs.some((entry) => entry.level === level && matches(entry.message, message));
  const lines = logs.map((entry) => `${entry.level}: ${entry.message}`);
  return judge(
    pass,
    `a line at ${level} with ${String(message)}`,
    () => `logged was\n${listed(lines, "nothing")}`,
  );
}

export function toHaveEnvoyLog(
  logs: readonly EnvoyLogEntry[],
  component: string,
  level: LogLevel,
  message: string | RegExp,
): Judgement {
  const pass = logs.some(
    (entry) => entry.component === component && entry.level === level && matches(entry.message, message),
  );
  const wanted = `a line of ${component} at ${level} with ${String(message)}`;
  return judge(pass, wanted, () => describe(logs, component));
}

function describe(logs: readonly EnvoyLogEntry[], component: string): string {
  const components = [...new Set(logs.map((entry) => entry.component))];
  const said = logs.filter((entry) => entry.component === component);
  if (said.length > 0) return `${component} said\n${listed(said.map(lineOf), "nothing")}`;
  const close = nearest(component, components);
  const hint = close === null ? "" : `: did you mean ${close}?`;
  return `${component} said nothing${hint}; Envoy's log has\n${listed(logs.map(lineOf), "nothing; lines below info are there when envoyLogLevels asks for them")}`;
}

function lineOf({ component, level, message }: EnvoyLogEntry): string {
  return `${component} ${level}: ${message}`;
}
