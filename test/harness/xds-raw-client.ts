import { on } from "node:events";
import {
  create,
  fromBinary,
  toBinary,
  type Message,
  type MessageInitShape,
  type MessageShape,
} from "@bufbuild/protobuf";
import type { GenMessage } from "@bufbuild/protobuf/codegenv2";
import { Client, credentials, type ClientDuplexStream } from "@grpc/grpc-js";
import {
  DeltaDiscoveryRequestSchema,
  DeltaDiscoveryResponseSchema,
  DiscoveryRequestSchema,
  DiscoveryResponseSchema,
  type DeltaDiscoveryRequest,
  type DeltaDiscoveryResponse,
  type DiscoveryRequest,
  type DiscoveryResponse,
} from "proxy-wasm-harness/api/envoy/service/discovery/v3/discovery";

/** One stream of discovery, on a connection of its own, by which a test says what Envoy would not. */
export class RawStream<Request extends Message, Response extends Message> implements Disposable {
  private readonly client: Client;
  private readonly stream: ClientDuplexStream<Uint8Array, Response>;
  private readonly responses: AsyncIterator<unknown>;
  private readonly schema: GenMessage<Request>;

  constructor(
    port: number,
    path: string,
    schemas: { request: GenMessage<Request>; response: GenMessage<Response> },
  ) {
    this.client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
    this.schema = schemas.request;
    this.stream = this.client.makeBidiStreamRequest(
      path,
      (bytes: Uint8Array) => Buffer.from(bytes),
      (bytes) => fromBinary(schemas.response, bytes),
    );
    this.responses = on(this.stream, "data");
  }

  send(request: MessageInitShape<GenMessage<Request>>): void {
    this.sendBytes(toBinary(this.schema, create(this.schema, request)));
  }

  /** Says anything. */
  sendBytes(bytes: Uint8Array): void {
    this.stream.write(bytes);
  }

  async next(): Promise<MessageShape<GenMessage<Response>>> {
    const { value } = (await this.responses.next()) as { value: [Response] };
    return value[0];
  }

  /** Answers all responses from now on. */
  take(answer: (response: Response) => MessageInitShape<GenMessage<Request>>): void {
    this.stream.on("data", (response: Response) => this.send(answer(response)));
  }

  [Symbol.dispose](): void {
    this.stream.on("error", () => undefined); // cancelled, here
    this.stream.cancel();
    this.client.close();
  }
}

const aggregated = "/envoy.service.discovery.v3.AggregatedDiscoveryService";

export function deltaStream(port: number): RawStream<DeltaDiscoveryRequest, DeltaDiscoveryResponse> {
  const schemas = { request: DeltaDiscoveryRequestSchema, response: DeltaDiscoveryResponseSchema };
  return new RawStream(port, `${aggregated}/DeltaAggregatedResources`, schemas);
}

export function sotwStream(port: number): RawStream<DiscoveryRequest, DiscoveryResponse> {
  const schemas = { request: DiscoveryRequestSchema, response: DiscoveryResponseSchema };
  return new RawStream(port, `${aggregated}/StreamAggregatedResources`, schemas);
}
