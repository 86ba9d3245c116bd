import type { MatcherState } from "vitest";
import { omittedFrom } from "../../kept.ts";
import { nearest } from "../../nearest.ts";
import type { EnvoyLogEntry, LogEntry, LogLevel } from "../../observation.ts";
import { envoyLoggers } from "./envoy-loggers.ts";
import { judge, judgeUnsure, listed, matches, type Judgement } from "./judgement.ts";

export function toHaveLogged(
  this: MatcherState,
  logs: readonly LogEntry[],
  level: LogLevel,
  message: string | RegExp,
): Judgement {
  const pass = logs.some((entry) => entry.level === level && matches(entry.message, message));
  const wanted = `a line at ${level} with ${String(message)}`;
  const omitted = omittedFrom(logs);
  if (!pass && this.isNot && omitted > 0) return judgeUnsure(wanted, omitted, "lines");
  const lines = logs.map((entry) => `${entry.level}: ${entry.message}`);
  return judge(pass, wanted, () => `logged was\n${listed(lines, "nothing")}`);
}

export function toHaveEnvoyLog(
  this: MatcherState,
  logs: readonly EnvoyLogEntry[],
  component: string,
  level: LogLevel,
  message: string | RegExp,
): Judgement {
  const pass = logs.some(
    (entry) => entry.component === component && entry.level === level && matches(entry.message, message),
  );
  const wanted = `a line of ${component} at ${level} with ${String(message)}`;
  return judge(pass || (this.isNot && isMistyped(component, logs)), wanted, () => describe(logs, component));
}

/** Whether no Envoy has such a component, but one that is written alike. */
function isMistyped(component: string, logs: readonly EnvoyLogEntry[]): boolean {
  const known = componentsOf(logs);
  return !known.includes(component) && nearest(component, known) !== null;
}

/** Those that spoke, and those that keep silent as long as all is well. */
function componentsOf(logs: readonly EnvoyLogEntry[]): string[] {
  return [...new Set([...logs.map(({ component }) => component), ...envoyLoggers])];
}

function describe(logs: readonly EnvoyLogEntry[], component: string): string {
  const known = componentsOf(logs);
  const said = logs.filter((entry) => entry.component === component);
  if (said.length > 0) return `${component} said\n${listed(said.map(lineOf), "nothing")}`;
  const close = known.includes(component) ? null : nearest(component, known);
  const hint = close === null ? "" : `: did you mean ${close}?`;
  return `${component} said nothing${hint}; Envoy's log has\n${listed(logs.map(lineOf), "nothing; lines below info are there when envoyLogLevels asks for them")}`;
}

function lineOf({ component, level, message }: EnvoyLogEntry): string {
  return `${component} ${level}: ${message}`;
}
