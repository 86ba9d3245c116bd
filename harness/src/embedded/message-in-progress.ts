import { HeaderList } from "../header-list.ts";
import type { StreamEvent } from "./iteration.ts";

/** One message on its way, as far as it has come. */
export interface Message {
  headers: HeaderList | null;
  readonly chunks: Uint8Array[];
  trailers: HeaderList;
  isComplete: boolean;
}

export function emptyMessage(): Message {
  return { headers: null, chunks: [], trailers: new HeaderList(), isComplete: false };
}

/** Adds what came out of a chain of filters to a message; METADATA, which HTTP/1.1 has not, is lost. */
export function collect(message: Message, event: StreamEvent): void {
  if (event.kind === "metadata") return;
  if (event.kind === "headers") message.headers = event.fields;
  else if (event.kind === "trailers") message.trailers = event.fields;
  else if (event.bytes.length > 0) message.chunks.push(event.bytes);
  message.isComplete = event.kind === "trailers" || event.endOfStream;
}
