import { Status } from "./abi/types";
import { Bytes, utf8 } from "./bytes";
import { logError } from "./logging";
import { statusName } from "./abi/status-names";

/** Whether a host call did what it was asked for; logs its name and status at error when not. */
export function succeeded(hostCall: Bytes, status: Status): bool {
  return status == Status.Ok || logRefusal(hostCall, statusName(status));
}

/**
 * As `succeeded`, for what every module asks of the host when it starts: of the statuses it knows the name of the one with
 * which a proxy answers what it restricts, so that a module which asks for nothing else does not contain the others.
 */
export function succeededAtStart(hostCall: Bytes, status: Status): bool {
  if (status == Status.Ok) return true;
  const isRestricted = status == Status.InternalFailure;
  return logRefusal(hostCall, isRestricted ? utf8("InternalFailure (10)") : Bytes.fromInteger(status));
}

function logRefusal(hostCall: Bytes, status: Bytes): bool {
  logError(hostCall.concat(utf8(" was refused by the host with status ")).concat(status));
  return false;
}
