import http from "node:http";
import { HarnessError } from "../errors.ts";
import { nearest } from "../nearest.ts";
import type { HistogramBucket } from "../observation.ts";
import { markerPath, type EnvoyLog } from "./envoy-log.ts";
import { getText } from "./get-text.ts";
import { parseHistograms } from "./histograms.ts";

/** Envoy's admin interface. */
export class Admin implements Disposable {
  private readonly address: string;
  private readonly log: EnvoyLog;
  private readonly agent = new http.Agent({ keepAlive: true });
  private markers = 0;

  /** `address` is `127.0.0.1:41875`, as Envoy writes it to its admin-address file. */
  constructor(address: string, log: EnvoyLog) {
    this.address = address.trim();
    this.log = log;
  }

  get(path: string): Promise<string> {
    return getText(`http://${this.address}${path}`, this.agent);
  }

  /** Does something to Envoy. */
  post(path: string): Promise<string> {
    return getText(`http://${this.address}${path}`, this.agent, "POST");
  }

  /** Sets the level of one of Envoy's loggers, in Envoy's words. Refused with `invalid_input` for an unknown one. */
  async setLevel(logger: string, level: string): Promise<void> {
    const answer = await this.post(`/logging?${encodeURIComponent(logger)}=${level}`);
    if (answer.startsWith("active loggers")) return;
    const known = [...(await this.post("/logging")).matchAll(/^ {2}(\S+): /gm)].map(([, name]) => name ?? "");
    const close = nearest(logger, known);
    const hint = close === null ? `it has ${known.join(", ")}` : `did you mean "${close}"?`;
    throw new HarnessError("invalid_input", `Envoy has no logger "${logger}": ${hint}`);
  }

  /** The port on which a listener was bound. */
  async listenerPort(name: string): Promise<number> {
    const text = await this.get("/listeners?format=json");
    const { listener_statuses: listeners } = JSON.parse(text) as ListenerStatuses;
    const port = listeners.find((listener) => listener.name === name)?.local_address.socket_address
      .port_value;
    if (port === undefined)
      throw new HarnessError("internal", `Envoy has no listener "${name}", it says: ${text}`);
    return port;
  }

  /** Counters and gauges, all or those whose name matches; a filter's own without `wasmcustom.`. */
  async metrics(filter = ""): Promise<Map<string, bigint>> {
    const text = await this.get(`/stats${filter === "" ? "" : `?filter=${encodeURIComponent(filter)}`}`);
    const lines = text.matchAll(/^(?:wasmcustom\.)?(.*): (\d+)$/gm);
    return new Map([...lines].map(([, name, value]) => [name ?? "", BigInt(value ?? 0)]));
  }

  /** Whether filters have left nothing in their gauges, but for what says which build they are. */
  async filterGaugesAreZero(): Promise<boolean> {
    const text = await this.get(`/stats?type=Gauges&filter=${encodeURIComponent("^wasmcustom\\.")}`);
    const left = [...text.matchAll(/^wasmcustom\.(.*): [1-9]\d*$/gm)].map(([, name]) => name ?? "");
    return left.every((name) => name.startsWith("proxy_wasm.build_info"));
  }

  /** Histograms whose name matches, as they were merged when this was asked for the last time. */
  async histograms(filter: string): Promise<Map<string, HistogramBucket[]>> {
    const query = `format=json&histogram_buckets=detailed&type=Histograms&filter=${encodeURIComponent(filter)}`;
    return parseHistograms(await this.get(`/stats?${query}`));
  }

  /**
   * Resolves when every line has been read that Envoy logged before this call: at level debug the admin interface
   * logs each request, on the same stream as everything else.
   */
  async catchUp(): Promise<void> {
    const marker = ++this.markers;
    await this.get(`${markerPath}${marker}`);
    await this.log.marker.reached(marker);
  }

  [Symbol.dispose](): void {
    this.agent.destroy();
  }
}

/** The part of `/listeners?format=json` that is read. */
interface ListenerStatuses {
  readonly listener_statuses: ReadonlyArray<{
    readonly name: string;
    readonly local_address: { readonly socket_address: { readonly port_value: number } };
  }>;
}
