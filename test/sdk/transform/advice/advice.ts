import { stripVTControlCharacters } from "node:util";
import { compileFilter } from "../../compile.ts";
import { IMPORT } from "../build.ts";

/** Marks, in the source of a case, where the advice is to point to. */
const MARK = "«";

/** A filter with these statements in a callback, after `declarations`. */
export function inCallback(statements: string, declarations = ""): string {
  return `${declarations}
    @httpFilter("a") class A extends HttpFilter {
      onRequestHeaders(headers: RequestHeaders, endOfStream: bool): Action {
        ${statements}
        return Action.Continue;
      }
    }`;
}

/** A filter with these declarations before it. */
export function besideFilter(declarations: string): string {
  return `${declarations}\n@httpFilter("a") class A extends HttpFilter {}`;
}

/** Every error and warning that asc shows about a marked source, each `line:column: text` and nothing of the compiler's own. */
export async function adviceOn(source: string): Promise<string[]> {
  const { errors } = await compileFilter(program(source).replace(MARK, ""), {}, ["-O0", "--noEmit"]);
  const shown = stripVTControlCharacters(errors).split(/^(?=(?:ERROR|WARNING) )/m);
  return shown.filter((message) => /^(ERROR|WARNING) /.test(message)).map(lineOf);
}

/** Where the mark stands in the program that is made of a source: `line:column`. */
export function placeOf(source: string): string {
  const [before = ""] = program(source).split(MARK);
  const lines = before.split("\n");
  return `${lines.length}:${(lines.at(-1) ?? "").length + 1}`;
}

function program(source: string): string {
  return `${IMPORT}\n${source}`;
}

function lineOf(message: string): string {
  const [, text] = /^\w+ AS102: (.*)$/m.exec(message) ?? [message, message];
  const [, line, column] = /in filter\.ts\((\d+),(\d+)\)/.exec(message) ?? [];
  return `${line}:${column}: ${text}`;
}
