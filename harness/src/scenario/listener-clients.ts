import { GrpcClient } from "../clients/grpc-client.ts";
import type { RequestClient } from "../clients/request-client.ts";
import { createClient, type ClientProtocol } from "../clients/request-clients.ts";
import type { ClientTarget } from "../clients/target.ts";
import { Disposals } from "../envoy/disposals.ts";
import type { Address } from "../envoy/supervised-envoy.ts";
import { HarnessError } from "../errors.ts";

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
  /** Where it is reached. */
  readonly address: Address;
  private readonly all = new Disposals();
  private readonly byChoice = new Map<string, RequestClient>();

  constructor(address: Address) {
    this.address = address;
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

  /** Refused with `unsupported` where no such client can come from `localAddress`. */
  target({ tls, localAddress }: ClientChoice): ClientTarget {
    const { host, port } = this.address;
    refuseUnreachable(host, localAddress);
    return {
      host,
      port,
      ...(tls === undefined ? {} : { tls }),
      ...(localAddress === undefined ? {} : { localAddress }),
    };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.all[Symbol.asyncDispose]();
  }
}

function isLoopback(address: string): boolean {
  return address.startsWith("127.");
}

function refuseUnreachable(host: string, localAddress = host): void {
  if (!isLoopback(localAddress) || isLoopback(host)) return;
  throw new HarnessError(
    "unsupported",
    `no client can come from ${localAddress} to a listener on ${host}: leave localAddress out, or run the test in the backend envoy`,
  );
}
