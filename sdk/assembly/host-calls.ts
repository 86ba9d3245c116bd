import { Status } from "./abi/types";
import { Bytes, utf8 } from "./bytes";
import { logError } from "./logging";
import { isNews } from "./refusals/news";
import { statusName } from "./abi/status-names";

/**
 * Whether a host call did what it was asked for; logs its name and status at error when not, once for each call and
 * callback in a VM. The name is a literal, which is known by its place.
 */
export function succeeded(hostCall: Bytes, status: Status): bool {
  return status == Status.Ok || (isNews(hostCall) && logRefusal(hostCall, statusName(status)));
}

/**
 * As `succeeded`, for what every module asks of the host when it starts. Where no filter sees requests, who would ask for
 * more, it knows the name of one status alone, with which a proxy answers what it restricts.
 */
export function succeededAtStart(hostCall: Bytes, status: Status): bool {
  if (status == Status.Ok) return true;
  if (isDefined(HAS_proxy_on_request_headers)) return logRefusal(hostCall, statusName(status));
  const isRestricted = status == Status.InternalFailure;
  return logRefusal(hostCall, isRestricted ? utf8("InternalFailure (10)") : Bytes.fromInteger(status));
}

function logRefusal(hostCall: Bytes, status: Bytes): bool {
  logError(hostCall.concat(utf8(" was refused by the host with status ")).concat(status));
  return false;
}
