import { GrpcClient } from "../clients/grpc-client.ts";
import type { RequestClient } from "../clients/request-client.ts";
import { createClient, type ClientProtocol } from "../clients/request-clients.ts";
import type { ClientTarget } from "../clients/target.ts";
import { Disposals } from "../envoy/disposals.ts";

/**
 * How a client comes to a listener.
 *
 * @category Send and receive
 */
export interface ClientChoice extends Pick<ClientTarget, "tls" | "localAddress"> {
  /** Default `h1`; without TLS, HTTP/2 is spoken with prior knowledge. */
  readonly protocol?: ClientProtocol;
}

/** The clients of one listener. Those that come alike share their connections. */
export class ListenerClients implements AsyncDisposable {
  /** Where it listens. */
  readonly port: number;
  private readonly all = new Disposals();
  private readonly byChoice = new Map<string, RequestClient>();

  constructor(port: number) {
    this.port = port;
  }

  client(choice: ClientChoice): RequestClient {
    const key = JSON.stringify(choice);
    const known = this.byChoice.get(key);
    if (known !== undefined) return known;
    const made = this.all.add(createClient(choice.protocol ?? "h1", this.target(choice)));
    this.byChoice.set(key, made);
    return made;
  }

  grpc(choice: ClientChoice): GrpcClient {
    return this.all.add(new GrpcClient(this.target(choice)));
  }

  target({ tls, localAddress }: ClientChoice): ClientTarget {
    return {
      port: this.port,
      ...(tls === undefined ? {} : { tls }),
      ...(localAddress === undefined ? {} : { localAddress }),
    };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.all[Symbol.asyncDispose]();
  }
}
