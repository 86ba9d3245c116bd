import { tmpdir } from "node:os";
import { HarnessError } from "../errors.ts";

/** Why an Envoy cannot run here: something that its folder should hold could not be written. */
export function noRoom(what: string): HarnessError {
  return new HarnessError(
    "unsupported",
    `Envoy cannot run, for ${tmpdir()} has no room for ${what}\nMake room there, or set TMPDIR to another folder.`,
  );
}
