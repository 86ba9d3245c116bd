import type { AccessLogEntry } from "../observation.ts";
import { Tally } from "../tally.ts";

/** The fields of a line, in Envoy's format language. */
export const accessLogFormat = {
  method: "%REQ(:METHOD)%",
  path: "%REQ(:PATH)%",
  status: "%RESPONSE_CODE%",
  details: "%RESPONSE_CODE_DETAILS%",
};

/** The field of a connection's line: the client's port, by which the harness knows its connections. */
export const connectionLogFormat = { client_port: "%DOWNSTREAM_REMOTE_PORT%" };

/** The listener's access log, which Envoy writes to stdout: one line of JSON for each stream that has ended. */
export class AccessLog {
  readonly entries: AccessLogEntry[] = [];
  /** How many streams have ended. */
  ended = new Tally();
  /** The clients of the connections that have ended, by their ports. */
  readonly clientPorts = new Set<number>();

  /** Forgets the streams of a listener that is gone. */
  begin(): void {
    this.entries.length = 0;
    this.clientPorts.clear();
    this.ended = new Tally();
  }

  add(line: string): void {
    const fields = JSON.parse(line) as Partial<AccessLogEntry> & { readonly client_port?: number };
    if (fields.client_port !== undefined) return this.addConnection(fields.client_port);
    const { method, path, status, details } = fields;
    this.entries.push({
      method: method ?? "",
      path: path ?? "",
      status: status ?? 0,
      details: details ?? "",
    });
    this.ended.raiseTo(this.entries.length);
  }

  private addConnection(clientPort: number): void {
    this.clientPorts.add(clientPort);
    this.ended.raiseTo(this.ended.count + 1);
  }
}
