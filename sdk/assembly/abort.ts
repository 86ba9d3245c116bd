import { proxy_log } from "./abi/imports";
import { LogLevel } from "./abi/types";
import { Bytes } from "./bytes";
import { decimal } from "./bytes/decimal";

/**
 * What `throw`, a failed `assert` and a failed bounds check compile to: logs `<message> at <file>:<line>:<column>` at
 * critical, then traps. The trap ends the VM and with it every stream of its worker. Takes the place of
 * AssemblyScript's `env.abort`, which no proxy has; valid in every phase.
 */
export function abort(message: string | null, file: string | null, line: u32, column: u32): void {
  const what = message === null ? "aborted" : message;
  const where = file === null ? "unknown" : file;
  const text = Bytes.fromString(what + " at " + where + ":" + decimal(line) + ":" + decimal(column));
  proxy_log(LogLevel.Critical, text.start, text.length);
  unreachable();
}
