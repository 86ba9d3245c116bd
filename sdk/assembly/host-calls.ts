import { Status } from "./abi/types";
import { decimal } from "./decimal";
import { log } from "./logging";

/** Whether a host call did what it was asked for; logs its name and status at error when not. */
export function succeeded(hostCall: string, status: Status): bool {
  if (status == Status.Ok) return true;
  log.error(hostCall + " was refused by the host with status " + decimal(status));
  return false;
}
