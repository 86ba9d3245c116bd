import type { AccessLogEntry } from "../observation.ts";
import { Tally } from "./tally.ts";

/** The fields of a line, in Envoy's format language. */
export const accessLogFormat = {
  method: "%REQ(:METHOD)%",
  path: "%REQ(:PATH)%",
  status: "%RESPONSE_CODE%",
  details: "%RESPONSE_CODE_DETAILS%",
};

/** The listener's access log, which Envoy writes to stdout: one line of JSON for each stream that has ended. */
export class AccessLog {
  readonly entries: AccessLogEntry[] = [];
  /** How many streams have ended. */
  readonly ended = new Tally();

  add(line: string): void {
    const fields = JSON.parse(line) as Partial<AccessLogEntry>;
    const { method, path, status, details } = fields;
    this.entries.push({
      method: method ?? "",
      path: path ?? "",
      status: status ?? 0,
      details: details ?? "",
    });
    this.ended.raiseTo(this.entries.length);
  }
}
