import type { RawData, WebSocket } from "ws";
import { WebSocketConnection } from "./connection.ts";

/** A socket of the library `ws`, as a test has it. */
export function webSocketConnection(socket: WebSocket): WebSocketConnection {
  const connection = new WebSocketConnection({
    send: (message) =>
      new Promise((resolve, reject) => socket.send(message, (error) => (error ? reject(error) : resolve()))),
    close: (code, reason) => socket.close(code, reason),
    terminate: () => socket.terminate(),
  });
  socket.on("message", (data, isBinary) => connection.push(isBinary ? bytes(data) : bytes(data).toString()));
  socket.on("error", () => undefined); // `close` follows, with 1006
  socket.on("close", (code, reason) => connection.finish({ code, reason: reason.toString() }));
  return connection;
}

/** One buffer, as `ws` gives it unless its `binaryType` is changed. */
function bytes(data: RawData): Buffer {
  return Buffer.isBuffer(data)
    ? data
    : Buffer.concat([data].flat().map((part) => Buffer.from(part as ArrayBuffer)));
}
