import { DiagnosticCategory } from "assemblyscript";
import { report } from "../reports.js";
import { isUserPath } from "../sources.js";
import { absentMembers } from "./absent-members.js";
import { absentNames } from "./absent-names.js";
import { callbackShapes } from "./callback-shapes.js";
import { closures } from "./closures.js";
import { declarations } from "./declarations.js";
import { imports } from "./imports.js";
import { Place } from "./place.js";
import { statements } from "./statements.js";
import { syntax } from "./syntax.js";
import { types } from "./types.js";
import { values } from "./values.js";

/**
 * The families of rules. A rule is `{ codes, message?, before?, at?, when?, says }`: for which of the compiler's errors it
 * is, what the error's message, the text before its place and the text from there on must look like, what else must
 * hold, and what is said in place of the error. The first that fits is taken.
 */
const RULES = [
  closures,
  callbackShapes,
  statements,
  syntax,
  types,
  declarations,
  imports,
  absentNames,
  absentMembers,
  values,
].flat();

const SYNTAX_ERRORS = { from: 1000, to: 2000 };

/**
 * Puts in place of the compiler's errors about what AssemblyScript lacks one line each that says what to write. Only
 * what the compiler refuses anyway is touched, and only in the program's own files.
 */
export function advise(program) {
  const { diagnostics } = program;
  const advised = new Set();
  diagnostics.push = (...messages) => {
    const kept = messages
      .map((message) => adviceOn(message, program, advised))
      .filter((message) => message !== null);
    return Array.prototype.push.apply(diagnostics, kept);
  };
}

/** Lets the compiler's errors go unseen from here on: they would only follow from those that were reported. */
export function muteConsequences({ diagnostics }) {
  diagnostics.push = () => diagnostics.length;
}

/** What is to be shown of an error: advice, the error itself, or null when it only follows from one that has advice. */
function adviceOn(message, program, advised) {
  const { category, range } = message;
  if (category !== DiagnosticCategory.Error || range === null || !isUserPath(range.source.internalPath))
    return message;
  const place = new Place(message, program);
  if (isConsequence(place, advised)) return null;
  const text = textFor(place);
  if (text === null) return message;
  for (const line of keysOf(place)) advised.add(line);
  return report(range, text);
}

function isConsequence(place, advised) {
  return keysOf(place).some((key) => advised.has(key));
}

/** One advice a line, and after advice on a syntax error none of those that it leads to in the file. */
function keysOf({ code, source, line }) {
  const keys = [`${source.internalPath}:${line}`];
  const isSyntax = code >= SYNTAX_ERRORS.from && code < SYNTAX_ERRORS.to;
  return isSyntax ? [...keys, `${source.internalPath}: syntax`] : keys;
}

function textFor(place) {
  for (const rule of RULES) {
    const parts = fit(rule, place);
    if (parts !== null) return typeof rule.says === "string" ? rule.says : rule.says(parts, place);
  }
  return null;
}

/** What the rule's patterns found, by their groups' names; null when one does not fit. */
function fit({ codes, message, before, at, when }, place) {
  if (!codes.includes(place.code)) return null;
  const groups = {};
  for (const [pattern, text] of [
    [message, place.message],
    [before, place.before],
    [at, place.after],
  ]) {
    if (pattern === undefined) continue;
    const found = pattern.exec(text);
    if (found === null) return null;
    Object.assign(groups, found.groups);
  }
  return when === undefined || when(place) ? groups : null;
}
