import { Bytes, utf8 } from "../bytes";
import { logError } from "../logging";

let isNoAccessLogger = false;
let isNoFilter = false;

/** Says, once, that the proxy's configuration uses a plugin as an access logger, which it is not. */
export function refuseAccessLog(name: Bytes): void {
  if (isNoAccessLogger) return;
  isNoAccessLogger = true;
  logError(
    name.concat(
      utf8(" is no access logger, and logs nothing: the proxy's configuration has it in the wrong place"),
    ),
  );
}

/** Says, once, that the proxy's configuration uses a plugin as a filter, which it is not. */
export function refuseStream(name: Bytes): void {
  if (isNoFilter) return;
  isNoFilter = true;
  logError(
    name.concat(
      utf8(" is no filter, and lets streams pass: the proxy's configuration has it in the wrong place"),
    ),
  );
}
