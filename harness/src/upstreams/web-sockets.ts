import http, { type IncomingMessage, type Server } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocketServer } from "ws";
import type { Upstream } from "../upstream.ts";
import type { WebSocketHandler } from "../websockets/connection.ts";
import { webSocketConnection } from "../websockets/ws.ts";
import { receivedHttp1 } from "./http1-exchange.ts";

/** Serves requests to upgrade with the upstream's own handler; without one they are requests as any other. */
export function serveWebSockets(server: Server, upstream: Upstream, failed: (error: unknown) => void): void {
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const handler = upstream.webSocketHandler;
    if (handler === null) return answerAsUsual(server, request, socket);
    const received = receivedHttp1(request, new Uint8Array());
    upstream.record(received);
    sockets.handleUpgrade(request, socket, head, (opened) => {
      const connection = webSocketConnection(opened);
      const serving = runHandler(handler, connection, received);
      serving.catch(failed).finally(() => void connection.close());
    });
  });
}

async function runHandler(handler: WebSocketHandler, ...args: Parameters<WebSocketHandler>): Promise<void> {
  await handler(...args);
}

/** What node:http does with a request that asks for nothing special. */
function answerAsUsual(server: Server, request: IncomingMessage, socket: Duplex): void {
  const response = new http.ServerResponse(request);
  response.shouldKeepAlive = false;
  response.assignSocket(socket as Parameters<typeof response.assignSocket>[0]);
  response.on("finish", () => socket.end());
  server.emit("request", request, response);
}
