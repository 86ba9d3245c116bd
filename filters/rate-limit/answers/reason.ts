import { Room } from "../admission/finding";

/** The reason code of a refusal, which the access log has as `RESPONSE_CODE_DETAILS`. */
export function reasonOf(room: Room): string {
  switch (room) {
    case Room.TableFull:
      return "rate_limit_table_full";
    case Room.Unknown:
      return "rate_limit_failed";
    case Room.NoKey:
      return "rate_limit_missing_key";
    default:
      return "rate_limit_exceeded";
  }
}
