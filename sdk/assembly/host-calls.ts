import { Status } from "./abi/types";
import { Bytes, utf8 } from "./bytes";
import { logError } from "./logging";

/** Whether a host call did what it was asked for; logs its name and status at error when not. */
export function succeeded(hostCall: Bytes, status: Status): bool {
  if (status == Status.Ok) return true;
  logError(hostCall.concat(utf8(" was refused by the host with status ")).concat(Bytes.fromInteger(status)));
  return false;
}
