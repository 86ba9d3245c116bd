import type { TcpUpstream } from "proxy-wasm-harness";

/** Bytes as text of one character a byte, so that nothing is lost. */
export function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("latin1");
}

/** Lets an upstream send back what comes. */
export function echo(upstream: TcpUpstream): void {
  upstream.serve({ data: (connection, bytes) => connection.send(bytes) });
}

/** What filters logged, without levels and sources. */
export function messages({ logs }: { logs: ReadonlyArray<{ message: string }> }): string[] {
  return logs.map(({ message }) => message);
}
