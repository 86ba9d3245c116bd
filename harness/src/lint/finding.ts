import type { RuleName, Severity } from "./rules.ts";

/**
 * One thing that is wrong, or probably not meant, in a configuration of Envoy.
 *
 * @category Check configurations
 */
export interface LintFinding {
  /** The file, as it was named; null for resources that come from no file. */
  readonly file: string | null;
  /** Where in the configuration, with the keys as they are written: `static_resources.clusters[0].type`. */
  readonly path: string;
  /** From 1; null for resources that come from no file. */
  readonly line: number | null;
  /** From 1; null for resources that come from no file. */
  readonly column: number | null;
  /** The rule that is broken, by which it is switched off. */
  readonly rule: RuleName;
  /** How bad it is. */
  readonly severity: Severity;
  /** What is there and what comes of it. */
  readonly message: string;
  /** What to write in its place; null where only the author can tell. */
  readonly suggestion: string | null;
}

/** A position in a text, both from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** A place in a configuration: always a path, and a position where it comes from a text. */
export interface Spot {
  readonly path: string;
  readonly place: Place | null;
}

/** Takes what a rule found. */
export type Report = (rule: RuleName, spot: Spot, message: string, suggestion?: string | null) => void;
