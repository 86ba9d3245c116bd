import { readFile } from "node:fs/promises";
import path from "node:path";
import { originalPositionFor, TraceMap } from "@jridgewell/trace-mapping";

/** Maps byte offsets of a module to lines of its source, with the source map that the compiler wrote beside it. */
export class SourceLocations {
  private readonly text: string | null;
  private readonly folder: string;
  private parsed: TraceMap | null = null;

  private constructor(text: string | null, folder: string) {
    this.text = text;
    this.folder = folder;
  }

  /** Reads `FILE.map`; without one, every offset is unknown. */
  static async beside(file: string): Promise<SourceLocations> {
    const text = await readFile(`${file}.map`, "utf8").catch(() => null);
    return new SourceLocations(text, path.dirname(path.resolve(file)));
  }

  /** `path:line:column` of a byte offset, the path relative to the working folder; null when it is not mapped. */
  at(offset: number): string | null {
    if (this.text === null) return null;
    this.parsed ??= new TraceMap(this.text); // only who has a trap needs it
    const { source, line, column } = originalPositionFor(this.parsed, { line: 1, column: offset });
    if (source === null || line === null) return null;
    return `${this.readable(source)}:${line}:${column + 1}`;
  }

  /** Library sources keep the compiler's `~lib/…`; others become paths of files. */
  private readable(source: string): string {
    if (source.startsWith("~lib/")) return source;
    return path.relative(process.cwd(), path.resolve(this.folder, source));
  }
}
