import type { IncomingMessage } from "node:http";
import { WebSocket } from "ws";
import { HeaderList } from "../header-list.ts";
import { receivedResponse, type OutgoingRequest, type ReceivedResponse } from "../message.ts";
import { fromRaw, latin1, toHttp2 } from "../raw-headers.ts";
import { WebSocketAnswer } from "../websockets/connection.ts";
import { webSocketConnection } from "../websockets/ws.ts";
import { brokenOff } from "./broken-off.ts";
import { openSocket, type ClientTarget } from "./target.ts";

/** What is asked for; of a request only path, authority and headers count. */
export interface WebSocketRequest extends Pick<OutgoingRequest, "path" | "authority" | "headers"> {
  /** The subprotocols that are offered, the best first. */
  readonly protocols: readonly string[];
  readonly signal?: AbortSignal;
}

/**
 * Asks for a WebSocket over HTTP/1.1. Resolves with the answer, whatever its status. Refused with `internal` when the
 * connection ends before one, and with `tls_refused`.
 */
export async function openWebSocket(
  target: ClientTarget,
  request: WebSocketRequest,
): Promise<WebSocketAnswer> {
  const socket = new WebSocket(`ws://localhost`, [...request.protocols], {
    perMessageDeflate: false,
    createConnection: () => openSocket(target, "http/1.1"),
    headers: { ...toHttp2(request.headers), host: latin1(request.authority) },
    finishRequest: (outgoing) => {
      outgoing.path = latin1(request.path);
      outgoing.end();
    },
  });
  const connection = webSocketConnection(socket);
  const abort = (): void => socket.terminate();
  request.signal?.addEventListener("abort", abort);
  try {
    const { response, isOpen } = await answerTo(socket);
    return new WebSocketAnswer(response, isOpen ? connection : null);
  } finally {
    request.signal?.removeEventListener("abort", abort);
  }
}

interface Answer {
  readonly response: ReceivedResponse;
  readonly isOpen: boolean;
}

function answerTo(socket: WebSocket): Promise<Answer> {
  return new Promise((resolve, reject) => {
    let upgrade: IncomingMessage | null = null;
    socket.once("upgrade", (response) => (upgrade = response));
    socket.once(
      "open",
      () => upgrade && resolve({ response: read(upgrade, new Uint8Array()), isOpen: true }),
    );
    socket.once("unexpected-response", (_request, response) => {
      readBody(response).then(
        (body) => resolve({ response: read(response, body), isOpen: false }),
        (error: Error) => reject(brokenOff(error, "the end of the response")),
      );
    });
    socket.once("error", (error) => reject(brokenOff(error, "an answer to the upgrade")));
  });
}

async function readBody(response: IncomingMessage): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of response) chunks.push(chunk as Uint8Array);
  return new Uint8Array(Buffer.concat(chunks));
}

function read(response: IncomingMessage, body: Uint8Array): ReceivedResponse {
  const { statusCode = 0, rawHeaders, rawTrailers } = response;
  const trailers = response.complete ? fromRaw(rawTrailers) : new HeaderList();
  return receivedResponse({ status: statusCode, headers: fromRaw(rawHeaders), body, trailers });
}
