import type { ClientOptions, ClientDuplexStream } from "@grpc/grpc-js";
import grpc from "@grpc/grpc-js";
import type { GrpcMessage } from "../grpc/messages.ts";
import { HeaderList, type HeadersInput } from "../header-list.ts";
import { GrpcClientCall, type GrpcReply } from "./grpc-client-call.ts";
import { toMetadata } from "./grpc-metadata.ts";
import type { ClientTarget, ClientTls } from "./target.ts";

/**
 * What a call has besides its messages.
 *
 * @category Send and receive
 */
export interface GrpcCallOptions {
  /** Default none. A name that ends in `-bin` has bytes, which go in base64; other values are ASCII. */
  readonly metadata?: HeadersInput;
  /** After so many milliseconds the call ends with DEADLINE_EXCEEDED, 4. Default: never. */
  readonly deadlineMs?: number;
  /** The authority. Default: the name that TLS asks for, else the target's address. */
  readonly authority?: string;
}

/**
 * A gRPC client for one target, whose messages are bytes. It makes one connection of its own, and repeats no call.
 *
 * @category Send and receive
 */
export class GrpcClient implements Disposable {
  private readonly client: grpc.Client;
  private readonly open = new Set<ClientDuplexStream<Buffer, Buffer>>();

  constructor(target: ClientTarget) {
    const { host = "127.0.0.1", port, tls } = target;
    this.client = new grpc.Client(`${host}:${port}`, credentials(tls), channelOptions(tls));
  }

  /** Calls `/package.Service/Method` with one message; resolves with whatever came back, an error's status too. */
  async unary(method: string, message: GrpcMessage, options: GrpcCallOptions = {}): Promise<GrpcReply> {
    const call = this.stream(method, options);
    await call.send(message);
    await call.end();
    return call.reply();
  }

  /** Calls `/package.Service/Method`, whichever end streams. */
  stream(method: string, options: GrpcCallOptions = {}): GrpcClientCall {
    const { metadata, deadlineMs, authority } = options;
    const call = this.client.makeBidiStreamRequest(
      method,
      asIs,
      asIs,
      toMetadata(HeaderList.from(metadata)),
      {
        ...(deadlineMs === undefined ? {} : { deadline: Date.now() + deadlineMs }),
        ...(authority === undefined ? {} : { host: authority }),
      },
    );
    this.open.add(call);
    call.on("status", () => this.open.delete(call));
    return new GrpcClientCall(method, call);
  }

  /** Cancels what is open, and closes the connection. */
  [Symbol.dispose](): void {
    for (const call of this.open) call.cancel();
    this.client.close();
  }
}

function asIs(bytes: Buffer): Buffer {
  return bytes;
}

function credentials(tls: ClientTls | undefined): grpc.ChannelCredentials {
  if (tls === undefined) return grpc.credentials.createInsecure();
  const { authority, identity, verify = "name" } = tls;
  return grpc.credentials.createSsl(
    authority === undefined ? null : Buffer.from(authority),
    identity === undefined ? null : Buffer.from(identity.privateKey),
    identity === undefined ? null : Buffer.from(identity.certificate),
    {
      rejectUnauthorized: verify !== "nothing",
      ...(verify === "name" ? {} : { checkServerIdentity: () => undefined }),
    },
  );
}

function channelOptions(tls: ClientTls | undefined): ClientOptions {
  return {
    "grpc.enable_retries": 0,
    "grpc.use_local_subchannel_pool": 1,
    "grpc.max_receive_message_length": -1,
    "grpc.service_config_disable_resolution": 1,
    ...(tls?.serverName === undefined ? {} : { "grpc.ssl_target_name_override": tls.serverName }),
  };
}
