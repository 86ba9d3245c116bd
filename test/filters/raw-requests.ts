import type { StartedScenario } from "proxy-wasm-harness/scenario";

/** A request as a client writes it that follows no library: text of one character a byte. */
export interface RawRequest {
  /** Without its line end. Default `GET / HTTP/1.1`. */
  readonly line?: string;
  /** With their line ends, all but that of the empty line behind them. */
  readonly fields: string;
  readonly body?: string;
}

/** Writes a request over a connection of its own to the listener `in`; the status of what comes back. */
export async function statusOf(mesh: StartedScenario, request: RawRequest): Promise<number> {
  const { line = "GET / HTTP/1.1", fields, body = "" } = request;
  const host = /^host:/im.test(fields) ? "" : "host: a\r\n";
  const connection = await mesh.connect("in");
  await connection.send(Buffer.from(`${line}\r\n${host}${fields}\r\n${body}`, "latin1"));
  const status = Buffer.from(await connection.receiveUntil("\r\n")).toString("latin1");
  await connection.reset();
  return Number(/^HTTP\/1\.[01] (\d{3}) /.exec(status)?.[1]);
}
