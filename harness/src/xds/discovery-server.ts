import { once } from "node:events";
import net, { type AddressInfo, type Socket } from "node:net";
import type { DescService } from "@bufbuild/protobuf";
import {
  Server,
  ServerCredentials,
  type ConnectionInjector,
  type ServerDuplexStream,
  type ServiceDefinition,
} from "@grpc/grpc-js";
import { AggregatedDiscoveryService } from "../../api/envoy/service/discovery/v3/ads_pb.js";
import { HarnessError } from "../errors.ts";
import { delta } from "./delta.ts";
import type { Protocol } from "./protocol.ts";
import { singleServices } from "./resource-types.ts";
import { stateOfTheWorld } from "./state-of-the-world.ts";

/** One stream of a client, as bytes. */
export type ByteStream = ServerDuplexStream<Uint8Array, Uint8Array>;
type Serve = (protocol: Protocol, stream: ByteStream) => void;

export interface Address {
  readonly host: string;
  readonly port: number;
}

/**
 * All discovery services of gRPC on one port, without TLS. It has its own sockets, so that connections can be lost and
 * the port be closed and opened again.
 */
export class DiscoveryServer implements AsyncDisposable {
  private readonly grpc = new Server({
    "grpc.max_receive_message_length": -1,
    "grpc.max_send_message_length": -1,
  });
  private readonly injector: ConnectionInjector;
  private readonly listener: net.Server;
  private readonly sockets = new Set<Socket>();
  private address: Address;

  constructor(address: Address, serve: Serve) {
    this.address = address;
    for (const service of [AggregatedDiscoveryService, ...singleServices.values()]) this.add(service, serve);
    this.injector = this.grpc.createConnectionInjector(ServerCredentials.createInsecure());
    this.listener = net.createServer({ noDelay: true }, (socket) => this.accept(socket));
  }

  get port(): number {
    return this.address.port;
  }

  /** Refused with `port_in_use`. The port stays the same from the first time on. */
  async listen(): Promise<void> {
    try {
      await once(this.listener.listen(this.address), "listening");
    } catch (cause) {
      throw portError(this.address, cause);
    }
    this.address = { ...this.address, port: (this.listener.address() as AddressInfo).port };
  }

  /** Resolves when nobody can connect. */
  async close(): Promise<void> {
    if (!this.listener.listening) return;
    const closed = once(this.listener, "close");
    this.listener.close();
    this.disconnect();
    await closed;
  }

  /** Connections are gone without a word. */
  disconnect(): void {
    for (const socket of this.sockets) socket.resetAndDestroy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
    this.injector.destroy();
    this.grpc.forceShutdown();
  }

  private accept(socket: Socket): void {
    this.sockets.add(socket);
    socket.on("close", () => this.sockets.delete(socket));
    this.injector.injectConnection(socket);
  }

  private add(service: DescService, serve: Serve): void {
    const definition: Record<string, ServiceDefinition[string]> = {};
    const handlers: Record<string, (stream: ByteStream) => void> = {};
    for (const { name, input, methodKind } of service.methods) {
      const protocol = [delta, stateOfTheWorld].find(({ request }) => request.typeName === input.typeName);
      if (protocol === undefined || methodKind !== "bidi_streaming") continue;
      definition[name] = byteMethod(`/${service.typeName}/${name}`);
      handlers[name] = (stream) => serve(protocol, stream);
    }
    this.grpc.addService(definition, handlers);
  }
}

function byteMethod(path: string): ServiceDefinition[string] {
  const same = (bytes: Buffer): Buffer => bytes;
  const asBuffer = (bytes: Uint8Array): Buffer =>
    Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return {
    path,
    requestStream: true,
    responseStream: true,
    requestSerialize: same,
    requestDeserialize: same,
    responseSerialize: asBuffer,
    responseDeserialize: same,
  };
}

function portError({ host, port }: Address, cause: unknown): HarnessError {
  const isTaken = cause instanceof Error && "code" in cause && cause.code === "EADDRINUSE";
  const reason = cause instanceof Error ? cause.message : String(cause);
  return isTaken
    ? new HarnessError(
        "port_in_use",
        `port ${port} of ${host} is in use: ${reason}\nName another port, or 0.`,
        { cause },
      )
    : new HarnessError("invalid_input", `the control plane cannot listen on ${host}: ${reason}`, { cause });
}
