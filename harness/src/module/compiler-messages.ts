/** What asc says about a program, as its API gives it: places are offsets into a file. */
export interface CompilerMessage {
  readonly message: string;
  readonly code: number;
  readonly category: number;
  readonly range: {
    readonly start: number;
    readonly end: number;
    readonly source: { readonly normalizedPath: string } | null;
  } | null;
}

const WARNING = 2;
const ERROR = 3;
/** The code of what a transform says, which has no number of the compiler's own. */
const OF_TRANSFORM = 102;

/** The compiler's messages as people read them: `file:line:column: error: text`, and the line of source below. */
export class CompilerMessages {
  readonly errors: string[] = [];
  readonly warnings: string[] = [];
  private readonly texts: ReadonlyMap<string, string>;

  /** `texts` are the files' contents by their paths from the workspace. */
  constructor(texts: ReadonlyMap<string, string>) {
    this.texts = texts;
  }

  add(message: CompilerMessage): void {
    if (message.category === ERROR) this.errors.push(this.format(message, "error"));
    if (message.category === WARNING) this.warnings.push(this.format(message, "warning"));
  }

  private format({ message, code, range }: CompilerMessage, kind: string): string {
    const text = `${code === OF_TRANSFORM ? kind : `${kind} ${code < 1000 ? "AS" : "TS"}${code}`}: ${message}`;
    const file = range?.source?.normalizedPath;
    if (range === null || file === undefined) return text;
    const source = this.texts.get(file);
    if (source === undefined) return `${file}: ${text}`;
    const { line, column, content } = placeIn(source, range.start);
    return `${file}:${line}:${column}: ${text}\n${frame(line, column, content, range.end - range.start)}`;
  }
}

function placeIn(source: string, offset: number): { line: number; column: number; content: string } {
  const start = source.lastIndexOf("\n", offset - 1) + 1;
  const end = source.indexOf("\n", offset);
  const content = source.slice(start, end === -1 ? undefined : end);
  return { line: source.slice(0, start).split("\n").length, column: offset - start + 1, content };
}

/** The line with its number, and marks below what is meant; a tab stays one, so that both lines have the same width. */
function frame(line: number, column: number, content: string, length: number): string {
  const margin = " ".repeat(`${line}`.length);
  const indent = content.slice(0, column - 1).replace(/[^\t]/g, " ");
  const marks = "^".repeat(Math.max(1, Math.min(length, content.length - column + 1)));
  return `  ${line} | ${content}\n  ${margin} | ${indent}${marks}`;
}
