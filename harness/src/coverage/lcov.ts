import type { CoverageMap } from "@vitest/istanbul-lib-coverage";
import { create, createContext, FileWriter } from "@vitest/istanbul-lib-report";

/** The text of a report that would be written to a file. */
class KeptText extends FileWriter {
  text = "";

  override writeFile(): ReturnType<FileWriter["writeFile"]> {
    const write = (text: string): void => {
      this.text += text;
    };
    return {
      write,
      println: (line) => write(`${line}\n`),
      colorize: (text) => text,
      close: () => undefined,
    };
  }
}

/** Coverage as LCOV, with paths relative to a folder. */
export function lcovOf(coverageMap: CoverageMap, projectRoot: string): string {
  const context = createContext({ coverageMap, dir: projectRoot });
  const kept = new KeptText(projectRoot);
  context.data.writer = kept;
  create("lcovonly", { projectRoot }).execute(context);
  return kept.text;
}
