import type { HeaderList } from "../header-list.ts";
import { BodyBuffer } from "./body-buffer.ts";
import { BufferType, type GuestContext } from "./context.ts";
import type { RootContext } from "./root-context.ts";
import type { TcpStream } from "./tcp-stream.ts";

/** Which end closed a connection (`proxy_peer_type_t`). */
export const Peer = { Unknown: 0, Local: 1, Remote: 2 } as const;
export type Peer = (typeof Peer)[keyof typeof Peer];

/**
 * One plugin's filter on one connection: it turns what happens into callbacks. Its context is created in the guest when
 * the connection comes to it, which is never where a filter before it holds the connection.
 */
export class NetworkFilter implements GuestContext {
  readonly id: number;
  readonly root: RootContext;
  readonly filter = null;
  readonly stream = null;
  readonly connection: TcpStream;
  /** Envoy takes a connection's log for a callback as any other. */
  readonly isLogging = false;
  private isCreated = false;
  private downstream: BodyBuffer | null = null;
  private upstream: BodyBuffer | null = null;

  constructor(root: RootContext, connection: TcpStream) {
    this.id = root.vm.nextContextId();
    this.root = root;
    this.connection = connection;
  }

  get network(): NetworkFilter {
    return this;
  }

  get logSource(): string {
    const { name } = this.root.plugin;
    return [name, this.root.logSource].filter((part) => part !== "").join(" ");
  }

  readableFields(type: number): HeaderList | null {
    return this.root.readableFields(type);
  }

  mutableFields(): null {
    return null;
  }

  /** Data that is not there is empty, and cannot be changed. */
  buffer(type: number): BodyBuffer | null {
    if (type === BufferType.DownstreamData) return this.downstream ?? nothing();
    if (type === BufferType.UpstreamData) return this.upstream ?? nothing();
    return this.root.buffer(type);
  }

  /** Whether the connection goes on to the next filter. */
  onNewConnection(): boolean {
    if (!this.root.vm.isDead) this.create();
    return this.call("proxy_on_new_connection", [], 0) === 0;
  }

  get isInitialized(): boolean {
    return this.isCreated;
  }

  /** Whether the data goes on to the next filter; data that is held stays in the filter's reach. */
  onDownstreamData(data: BodyBuffer, endOfStream: boolean): boolean {
    this.downstream = data;
    const goesOn = this.call("proxy_on_downstream_data", [data.bytes.length, Number(endOfStream)], 0) === 0;
    if (goesOn) this.downstream = null;
    return goesOn;
  }

  /** As `onDownstreamData`; the end of the data is the end of the upstream, whatever the filter says. */
  onUpstreamData(data: BodyBuffer, endOfStream: boolean): boolean {
    this.upstream = data;
    const goesOn = this.call("proxy_on_upstream_data", [data.bytes.length, Number(endOfStream)], 0) === 0;
    if (goesOn) this.upstream = null;
    if (endOfStream) this.call("proxy_on_upstream_connection_close", [Peer.Unknown], 0);
    return goesOn;
  }

  /** The order on Envoy for a connection: the close, then done, then log. */
  onClose(peer: Peer): void {
    if (!this.isCreated) return;
    this.call("proxy_on_downstream_connection_close", [peer], 0);
    this.call("proxy_on_done", [], 1);
    this.call("proxy_on_log", [], 0);
    this.call("proxy_on_delete", [], 0);
    const { vm } = this.root;
    vm.proxy.loop.post(() => vm.contexts.delete(this.id)); // what shows data to it may not have come to its end
  }

  private create(): void {
    this.isCreated = true;
    this.root.vm.contexts.add(this);
    this.call("proxy_on_context_create", [this.root.id], 0);
  }

  /** A callback whose VM is dead, or dies of it, ends the connection. */
  private call(name: string, parameters: readonly number[], absent: number): number {
    const result = this.root.vm.call(this, name, [this.id, ...parameters], absent);
    if (result === null) this.connection.close(Peer.Local);
    return result ?? 1;
  }
}

function nothing(): BodyBuffer {
  return new BodyBuffer(new Uint8Array(), { readOnly: true });
}
