import type { SourceLine, SourceLocations, SourcePart } from "../module/source-locations.ts";

/** How such a line ends: before its body or behind it, or among its parameters; a comment may follow. */
const opening = /[{}(,]\s*(?:\/\/.*|\/\*.*\*\/\s*)?$/;

/** A function where its source has it. */
export interface Declaration {
  readonly at: SourceLine;
  readonly name: string;
}

/** What looks like the declaration of a function or a method, and is none. */
const statements = /^(?:if|for|while|switch|return|else|do|throw|new|super|this)\b/;
const declaration =
  /^\s*(?:(?:@\w+(?:\([^)]*\))?|export|default|public|protected|private|static|override|abstract|function|get|set)\s+)*([A-Za-z_$][\w$]*)\s*(?:<[^(]*>)?\(/;

/**
 * Where a function of a module is declared: at the nearest line, upwards from its first, that names it. Null for one whose
 * name no source that is looked at declares: it is another source's, with code of this one in it. One without a name
 * belongs to the declaration above its first line.
 */
export function declarationOf(
  name: string | null,
  parts: readonly SourcePart[],
  sources: SourceLocations,
): Declaration | null {
  const candidates = name === null ? firstPart(parts) : firstOfSources(parts);
  for (const first of candidates) {
    const lines = sources.linesOf(first.source);
    const found = name === null ? anyAbove(lines, first) : namedAbove(lines, first, name);
    if (found !== null) return found;
  }
  return null;
}

/** That of the first instruction, unless it is another source's. */
function firstPart(parts: readonly SourcePart[]): SourceLine[] {
  const from = parts[0]?.from ?? null;
  return from === null ? [] : [from];
}

/** Of each source the first line in the function. */
function firstOfSources(parts: readonly SourcePart[]): SourceLine[] {
  const first = new Map<string, SourceLine>();
  for (const { from } of parts) {
    if (from === null) continue;
    const known = first.get(from.source);
    if (known === undefined || from.line < known.line) first.set(from.source, from);
  }
  return [...first.values()];
}

/** `Filter#onLog`, `Filter#set:limit`, `Filter.of`, `new Filter`, `helper`, `anonymous|0`. */
function namedAbove(lines: readonly string[], first: SourceLine, name: string): Declaration | null {
  if (/\banonymous\|\d+$/.test(name)) return { at: first, name };
  const constructed = /^new (.*)/.exec(name)?.[1];
  const own = constructed === undefined ? (name.split(/[#.:]/).at(-1) ?? name) : "constructor";
  const line = above(lines, first.line, (text) => declaredIn(text) === own);
  if (line !== null) return { at: { ...first, line }, name };
  if (constructed === undefined) return null;
  const ofClass = above(lines, first.line, (text) => /\bclass ([\w$]+)/.exec(text)?.[1] === constructed);
  return ofClass === null ? null : { at: { ...first, line: ofClass }, name };
}

function anyAbove(lines: readonly string[], first: SourceLine): Declaration | null {
  for (let line = first.line; line > 0; line--) {
    const text = lines[line - 1] ?? "";
    const name = openedIn(text) ?? declaredIn(text) ?? (line === first.line ? closureIn(text) : null);
    if (name !== null) return { at: { ...first, line }, name };
  }
  return null;
}

/** The name of the closure whose body follows; null of another line. */
function openedIn(text: string): string | null {
  return /=>\s*\{\s*(?:\/\/.*)?$/.test(text) ? closureIn(text) : null;
}

/** The name of the constant that a closure is given to, else what istanbul calls one without; null of a line that has none. */
function closureIn(text: string): string | null {
  if (!text.includes("=>")) return null;
  return /^\s*(?:export\s+)?(?:const|let)\s+([\w$]+)/.exec(text)?.[1] ?? "(anonymous)";
}

/** The name of the function that a line declares, or null. */
function declaredIn(text: string): string | null {
  if (statements.test(text.trimStart()) || !opening.test(text)) return null;
  return declaration.exec(text)?.[1] ?? null;
}

/** The number, from 1 on, of the nearest line at this one or above it that is wanted. */
function above(lines: readonly string[], from: number, isWanted: (text: string) => boolean): number | null {
  for (let line = from; line > 0; line--) if (isWanted(lines[line - 1] ?? "")) return line;
  return null;
}
