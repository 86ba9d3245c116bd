import type { AccessLogEntry } from "../observation.ts";
import { Tally } from "../tally.ts";

/** The fields of a line, in Envoy's format language. The key is that of `streamKey`. */
export const accessLogFormat = {
  method: "%REQ(:METHOD)%",
  path: "%REQ(:PATH)%",
  status: "%RESPONSE_CODE%",
  details: "%RESPONSE_CODE_DETAILS%",
  flags: "%RESPONSE_FLAGS%",
  key: "%START_TIME(%s%9f)%:%DOWNSTREAM_DIRECT_REMOTE_PORT%",
};

/** The field of a connection's line: the client's port, by which the harness knows its connections. */
export const connectionLogFormat = { client_port: "%DOWNSTREAM_REMOTE_PORT%" };

/** A stream that is over. */
export interface LoggedStream {
  readonly entry: AccessLogEntry;
  readonly responseFlags: readonly string[];
  /** By which Envoy's other access logs call it. */
  readonly key: string;
}

/** What is in a line; null is left out. */
interface Line extends Partial<AccessLogEntry> {
  readonly flags?: string;
  readonly key?: string;
  readonly client_port?: number;
}

/** The listener's access log, which Envoy writes to stdout: one line of JSON for each stream that has ended. */
export class AccessLog {
  readonly streams: LoggedStream[] = [];
  /** How many streams have ended. */
  ended = new Tally();
  /** The clients of the connections that have ended, by their ports. */
  readonly clientPorts = new Set<number>();

  /** Forgets the streams of a listener that is gone. */
  begin(): void {
    this.streams.length = 0;
    this.clientPorts.clear();
    this.ended = new Tally();
  }

  add(line: string): void {
    const fields = JSON.parse(line) as Line;
    if (fields.client_port !== undefined) return this.addConnection(fields.client_port);
    const { method = "", path = "", status = 0, details = "", flags = "", key = "" } = withoutNulls(fields);
    this.streams.push({
      entry: { method, path, status, details },
      responseFlags: flags.split(",").filter((flag) => flag !== "" && flag !== "-"),
      key,
    });
    this.ended.raiseTo(this.streams.length);
  }

  private addConnection(clientPort: number): void {
    this.clientPorts.add(clientPort);
    this.ended.raiseTo(this.ended.count + 1);
  }
}

/** Envoy writes null for what a stream does not have. */
function withoutNulls(line: Line): Line {
  return Object.fromEntries(Object.entries(line).filter(([, value]) => value !== null));
}
