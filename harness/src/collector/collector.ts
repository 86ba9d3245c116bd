import { promisify } from "node:util";
import { Server, ServerCredentials } from "@grpc/grpc-js";
import type { HTTPAccessLogEntry } from "../../api/envoy/data/accesslog/v3/accesslog_pb.js";
import type { Span } from "../spans.ts";
import { accessLogService, streamKey } from "./access-log-service.ts";
import { Arrivals } from "./arrivals.ts";
import { traceService } from "./trace-service.ts";

/** What one Envoy says of its streams over gRPC, without TLS: access logs and traces. */
export class Collector implements AsyncDisposable {
  /** By the keys of their streams. */
  readonly entries = new Arrivals<HTTPAccessLogEntry>();
  /** By the services that the tracers say they are. */
  readonly spans = new Arrivals<Span>();
  private readonly server = new Server({ "grpc.max_receive_message_length": -1 });
  private listensOn = 0;

  private constructor() {
    const accessLog = accessLogService((entry) => this.entries.add(streamKey(entry), entry));
    const traces = traceService((service, span) => this.spans.add(service, span));
    for (const { definition, handlers } of [accessLog, traces]) this.server.addService(definition, handlers);
  }

  /** On a free port of an address. */
  static async start(host: string): Promise<Collector> {
    const collector = new Collector();
    const bind = promisify(collector.server.bindAsync.bind(collector.server));
    collector.listensOn = await bind(`${host}:0`, ServerCredentials.createInsecure());
    return collector;
  }

  get port(): number {
    return this.listensOn;
  }

  /** Forgets what was said so far. */
  begin(): void {
    this.entries.clear();
    this.spans.clear();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.server.forceShutdown();
  }
}
