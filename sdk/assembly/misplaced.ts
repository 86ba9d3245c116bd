import { Refused, refuse } from "./refusals";

/** Says that the proxy's configuration uses a plugin as an access logger, which it is not. */
export function refuseAccessLog(name: string): void {
  refuse(Refused.OtherKind, name, "it is no access logger, and logs nothing: extend AccessLogger");
}

/** Says that the proxy's configuration uses a plugin as a filter, which it is not. */
export function refuseStream(name: string): void {
  refuse(Refused.OtherKind, name, "it is no filter, and lets every stream pass: extend HttpFilter");
}
