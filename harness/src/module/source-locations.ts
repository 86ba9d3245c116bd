import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";
import {
  decodedMappings,
  encodedMap,
  originalPositionFor,
  TraceMap,
  type SourceMapSegment,
} from "@jridgewell/trace-mapping";

/** A line of a source, of which there is one object for each. */
export interface SourceLine {
  /** An absolute path, or the compiler's own `~lib/…`. */
  readonly source: string;
  /** From 1 on. */
  readonly line: number;
}

/** A part of a module's code, up to the next one, that comes from one line; null for what comes from none. */
export interface SourcePart {
  readonly offset: number;
  readonly from: SourceLine | null;
}

/** Maps byte offsets of a module to lines of its source, with the source map that the compiler wrote beside it. */
export class SourceLocations {
  private readonly map: string | null;
  private readonly folder: string;
  private parsed: TraceMap | null = null;
  private readonly texts = new Map<string, readonly string[]>();

  private constructor(map: string | null, folder: string) {
    this.map = map;
    this.folder = folder;
  }

  /** Reads `FILE.map`; without one, every offset is unknown. */
  static async beside(file: string): Promise<SourceLocations> {
    const text = await readFile(`${file}.map`, "utf8").catch(() => null);
    return new SourceLocations(text, path.dirname(path.resolve(file)));
  }

  /** `path:line:column` of a byte offset, the path relative to the working folder; null when it is not mapped. */
  at(offset: number): string | null {
    const map = this.parse();
    if (map === null) return null;
    const { source, line, column } = originalPositionFor(map, { line: 1, column: offset });
    if (source === null || line === null) return null;
    return `${this.readable(source)}:${line}:${column + 1}`;
  }

  /** All parts of the module's code in their order; null without a source map. */
  parts(): readonly SourcePart[] | null {
    const map = this.parse();
    if (map === null) return null;
    const sources = map.sources.map((source) => this.resolved(source ?? ""));
    const lines = new Map<string, SourceLine>();
    return (decodedMappings(map)[0] ?? []).map((segment) => {
      const [offset, number, line = 0] = segment;
      const source = sources[number ?? -1];
      if (source === undefined) return { offset, from: null };
      const key = `${source}:${line}`;
      const from = lines.get(key) ?? { source, line: line + 1 };
      lines.set(key, from);
      return { offset, from };
    });
  }

  /** The source map of this module with other offsets, and with files by their URLs; null without one. */
  mapWith(offsetOf: (offset: number) => number | null): string | null {
    const map = this.parse();
    if (map === null) return null;
    const segments = (decodedMappings(map)[0] ?? []).flatMap(([offset, ...rest]) => {
      const moved = offsetOf(offset);
      return moved === null ? [] : [[moved, ...rest] as SourceMapSegment];
    });
    const sources = map.sources.map((source) => {
      const resolved = this.resolved(source ?? "");
      return resolved.startsWith("~lib/") ? resolved : pathToFileURL(resolved).href;
    });
    const moved = new TraceMap({
      ...{ version: 3, names: [...map.names], sources, mappings: [segments] },
      ...(map.sourcesContent !== undefined && { sourcesContent: [...map.sourcesContent] }),
    });
    return JSON.stringify(encodedMap(moved));
  }

  /** The lines of a source as they were compiled, or as they are now where the source map does not have them. */
  linesOf(source: string): readonly string[] {
    const lines = this.texts.get(source) ?? this.textOf(source).split("\n");
    this.texts.set(source, lines);
    return lines;
  }

  private textOf(source: string): string {
    const map = this.parse();
    const index = map?.sources.findIndex((each) => this.resolved(each ?? "") === source) ?? -1;
    return map?.sourcesContent?.[index] ?? fileText(source);
  }

  /** Only who has a trap, or counts lines, needs it. */
  private parse(): TraceMap | null {
    if (this.map !== null) this.parsed ??= new TraceMap(this.map);
    return this.parsed;
  }

  /** Library sources keep the compiler's `~lib/…`; others become paths of files. */
  private readable(source: string): string {
    const resolved = this.resolved(source);
    return resolved === source ? source : path.relative(process.cwd(), resolved);
  }

  private resolved(source: string): string {
    return source.startsWith("~lib/") ? source : path.resolve(this.folder, source);
  }
}

/** Whether a line belongs to a library or an installed package, and not to the filter itself. */
export function isLibrary(location: string): boolean {
  return location.startsWith("~lib/") || location.includes("node_modules/");
}

function fileText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return ""; // it is gone: its lines are counted all the same
  }
}
