import type { AccessLogEntry } from "../observation.ts";
import { Tally } from "../tally.ts";
import { markOf } from "./isolation.ts";

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
  /** With the name of its listener. */
  readonly entry: AccessLogEntry;
  readonly responseFlags: readonly string[];
  /** By which Envoy's other access logs call it. */
  readonly key: string;
}

/** What a line may say; null is left out. */
interface Line extends Partial<AccessLogEntry> {
  readonly client_port?: number;
  readonly flags?: string;
  readonly key?: string;
}

/** What has ended at one listener. */
export interface Ended {
  readonly streams: Tally;
  readonly connections: Tally;
}

/** The listeners' access log, which Envoy writes to stdout: one line of JSON for each stream that has ended. */
export class AccessLog {
  /** Those of all listeners. */
  readonly streams: LoggedStream[] = [];
  /** The clients of the connections that have ended, by their ports. */
  readonly clientPorts = new Set<number>();
  private mark = "";
  private all = new Tally();
  private byListener = new Map<string, Ended>();

  /** How many streams, and connections without any, have ended. */
  get ended(): Tally {
    return this.all;
  }

  /** Forgets what ended at listeners that are gone. Names with another mark are theirs: such lines may come late. */
  begin(mark: string): void {
    this.mark = mark;
    this.streams.length = 0;
    this.clientPorts.clear();
    this.all = new Tally();
    this.byListener = new Map();
  }

  /** Forgets how much has ended at a listener that is gone: one of the same name counts from 0. */
  forget(listener: string): void {
    this.byListener.delete(listener);
  }

  endedAt(listener: string): Ended {
    const known = this.byListener.get(listener);
    if (known !== undefined) return known;
    const ended = { streams: new Tally(), connections: new Tally() };
    this.byListener.set(listener, ended);
    return ended;
  }

  add(text: string): void {
    const line = withoutNulls(JSON.parse(text) as Line);
    const { client_port: port } = line;
    const listener = this.ownName(line.listener ?? "");
    if (listener === null) return;
    const { streams, connections } = this.endedAt(listener);
    if (port === undefined) this.addStream({ ...line, listener });
    else this.clientPorts.add(port);
    const tally = port === undefined ? streams : connections;
    tally.raiseTo(tally.count + 1);
    this.all.raiseTo(this.all.count + 1);
  }

  /** The name of a listener without its mark; null when it has another one. */
  private ownName(listener: string): string | null {
    const mark = markOf(listener) ?? "";
    return mark === "" || mark === this.mark ? listener.slice(0, listener.length - mark.length) : null;
  }

  private addStream({
    listener = "",
    method = "",
    path = "",
    status = 0,
    details = "",
    ...rest
  }: Line): void {
    this.streams.push({
      entry: { listener, method, path, status, details },
      responseFlags: (rest.flags ?? "").split(",").filter((flag) => flag !== "" && flag !== "-"),
      key: rest.key ?? "",
    });
  }
}

/** An entry of a proxy that has one listener. */
export function withoutListener({ method, path, status, details }: AccessLogEntry): AccessLogEntry {
  return { method, path, status, details };
}

/** Envoy writes null for what a stream does not have. */
function withoutNulls(line: Line): Line {
  return Object.fromEntries(Object.entries(line).filter(([, value]) => value !== null));
}
