import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** A broken configuration, and what it says of itself in the comments at its end. */
export interface BrokenConfiguration {
  readonly name: string;
  /** From the repository's root, where Envoy is started. */
  readonly file: string;
  readonly text: string;
  /** What Envoy says to it: `silent`, a warning (`warning: …`), or words of its refusal. */
  readonly envoy: string;
  /** What lint finds in it: `3:7 error rule path`, the message, and `→` with the suggestion. */
  readonly findings: readonly string[];
}

export const root = fileURLToPath(new URL("../../", import.meta.url));
const folder = "test/harness/lint-configs/";

/** The configurations of `lint-configs/`. */
export const brokenConfigurations: readonly BrokenConfiguration[] = readdirSync(`${root}${folder}`).map(
  (entry) => {
    const text = readFileSync(`${root}${folder}${entry}`, "utf8");
    const [, envoy = "", comments = ""] = /^# Envoy: (.*)\n((?:#.*\n)*)$/m.exec(text) ?? [];
    return {
      name: entry.replace(".yaml", ""),
      file: folder + entry,
      text,
      envoy,
      findings: comments.split("\n").flatMap((line) => (line === "" ? [] : [line.replace(/^# {1,3}/, "")])),
    };
  },
);
