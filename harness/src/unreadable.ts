import { HarnessError } from "./errors.ts";

const reasons: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file: correct the path",
  EISDIR: "it is a folder: name the files in it",
  EACCES: "its permissions do not let you read it",
};

/** Why a file that is named was not read, as `not_found`. */
export function unreadable(file: string, cause: unknown): HarnessError {
  const { code = String(cause) } = cause as NodeJS.ErrnoException;
  return new HarnessError("not_found", `${file}: ${reasons[code] ?? `it cannot be read (${code})`}`, {
    cause,
  });
}
