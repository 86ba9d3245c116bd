import { BY_CLIENT } from "./response-flags";

/** What became of a stream; those behind `Answered` are errors. */
export enum Outcome {
  Answered,
  /** The client left before the response was there as a whole. */
  ClientAbort,
  /** The status is 500 or more. */
  ServerError,
  /** The response was cut off, or never came, though the client waited. */
  Reset,
  /** The gRPC status says that the server failed. */
  Grpc,
}

/** How many there are. */
export const OUTCOMES = Outcome.Grpc + 1;

/** Envoy's flags of a response that was cut off: LR, UR, UC, SI, UMSDR, DT, UPE. */
const CUT_OFF: i64 = (1 << 3) | (1 << 4) | (1 << 6) | (1 << 16) | (1 << 19) | (1 << 22) | (1 << 23);

/** gRPC's UNKNOWN, DEADLINE_EXCEEDED, UNIMPLEMENTED, INTERNAL, UNAVAILABLE and DATA_LOSS: what OpenTelemetry blames on servers. */
const SERVER_FAULTS: i64 = (1 << 2) | (1 << 4) | (1 << 12) | (1 << 13) | (1 << 14) | (1 << 15);

/** What became of the stream that is over; `grpcStatus` is -1 for one that is not of gRPC. Valid in `onLog`. */
export function outcomeOf(code: i64, flags: i64, grpcStatus: i64): Outcome {
  if ((flags & BY_CLIENT) != 0) return Outcome.ClientAbort;
  if (code >= 500) return Outcome.ServerError;
  if (code == 0 || (flags & CUT_OFF) != 0) return Outcome.Reset;
  return isServerFault(grpcStatus) ? Outcome.Grpc : Outcome.Answered;
}

/** The label `error` as it stands behind a metric's name. */
export function errorLabel(outcome: Outcome): string {
  switch (outcome) {
    case Outcome.ClientAbort:
      return "{error=client_abort}";
    case Outcome.ServerError:
      return "{error=5xx}";
    case Outcome.Reset:
      return "{error=reset}";
    default:
      return "{error=grpc}";
  }
}

function isServerFault(grpcStatus: i64): bool {
  return grpcStatus > 16 || (grpcStatus > 0 && ((SERVER_FAULTS >> grpcStatus) & 1) != 0);
}
