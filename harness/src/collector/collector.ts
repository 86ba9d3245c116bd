import { promisify } from "node:util";
import { Server, ServerCredentials } from "@grpc/grpc-js";
import type { HTTPAccessLogEntry } from "../../api/envoy/data/accesslog/v3/accesslog_pb.js";
import type { Span } from "../spans.ts";
import { accessLogService, streamKey } from "./access-log-service.ts";
import { Arrivals } from "./arrivals.ts";
import { traceService } from "./trace-service.ts";

/** What one Envoy says of its streams over gRPC, without TLS: access logs and traces. Nothing comes unless it was started. */
export class Collector implements AsyncDisposable {
  /** By the keys of their streams. */
  readonly entries = new Arrivals<HTTPAccessLogEntry>();
  /** By the services that the tracers say they are. */
  readonly spans = new Arrivals<Span>();
  private server: Server | null = null;
  private listensOn: number | null = null;

  /** On a free port of an address. */
  static async start(host: string): Promise<Collector> {
    const collector = new Collector();
    await collector.listen(host);
    return collector;
  }

  /** Null while it does not listen. */
  get port(): number | null {
    return this.listensOn;
  }

  /** Forgets what was said so far. */
  begin(): void {
    this.entries.clear();
    this.spans.clear();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.server?.forceShutdown();
  }

  private async listen(host: string): Promise<void> {
    const server = new Server({ "grpc.max_receive_message_length": -1 });
    this.server = server;
    const accessLog = accessLogService((entry) => this.entries.add(streamKey(entry), entry));
    const traces = traceService((service, span) => this.spans.add(service, span));
    for (const { definition, handlers } of [accessLog, traces]) server.addService(definition, handlers);
    const bind = promisify(server.bindAsync.bind(server));
    this.listensOn = await bind(`${host}:0`, ServerCredentials.createInsecure());
  }
}
