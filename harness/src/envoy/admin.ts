import http from "node:http";
import { urlToHttpOptions } from "node:url";
import { HarnessError } from "../errors.ts";
import { nearest } from "../nearest.ts";
import type { HistogramBucket } from "../observation.ts";
import { markerQuery, type EnvoyLog } from "./envoy-log.ts";
import { getText, type Question } from "./get-text.ts";
import { parseHistograms } from "./histograms.ts";

/** The ports of the listeners that serve, by their names; null of one that has none, for it listens on a Unix socket. */
export type ListenerPorts = ReadonlyMap<string, number | null>;

/** Envoy's admin interface. */
export class Admin implements Disposable {
  private readonly address: Pick<Question, "hostname" | "port">;
  private readonly log: EnvoyLog;
  private readonly agent = new http.Agent({ keepAlive: true });
  private markers = 0;

  /** `address` is `127.0.0.1:41875`, as Envoy writes it to its admin-address file. */
  constructor(address: string, log: EnvoyLog) {
    const { hostname, port } = urlToHttpOptions(new URL(`http://${address.trim()}`));
    this.address = { hostname, port };
    this.log = log;
  }

  get(path: string): Promise<string> {
    return getText({ ...this.address, path, agent: this.agent });
  }

  /** Does something to Envoy. */
  post(path: string): Promise<string> {
    return getText({ ...this.address, path, agent: this.agent, method: "POST" });
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
    const text = await this.get(listenersPath);
    const port = portsOf(text).get(name) ?? null;
    if (port === null)
      throw new HarnessError("internal", `Envoy has no listener "${name}", it says: ${text}`);
    return port;
  }

  /** Those of all listeners; `catchUp` is done too. */
  async listenerPorts(): Promise<ListenerPorts> {
    return portsOf(await this.caughtUp(`${listenersPath}&`));
  }

  /** Counters and gauges, all or those whose name matches; a filter's own without `wasmcustom.`. */
  async metrics(filter = ""): Promise<Map<string, bigint>> {
    return metricsOf(await this.get(`/stats${filter === "" ? "" : `?filter=${encodeURIComponent(filter)}`}`));
  }

  /** Gauges whose name matches, which Envoy finds sooner than all metrics. */
  async gauges(filter: string): Promise<Map<string, bigint>> {
    return metricsOf(await this.get(`/stats?type=Gauges&filter=${encodeURIComponent(filter)}`));
  }

  /** The counters and gauges of filters, and whether they have histograms; `catchUp` is done too. */
  async filterStats(): Promise<{ metrics: Map<string, bigint>; hasHistograms: boolean }> {
    const text = await this.caughtUp(`/stats?filter=${encodeURIComponent(ofFilters)}&`);
    return { metrics: metricsOf(text), hasHistograms: /: (P0\(|No recorded values$)/m.test(text) };
  }

  /** Those of Envoy as a whole which are not zero; `catchUp` is done too. */
  async totals(): Promise<Map<string, bigint>> {
    const filter = encodeURIComponent(totalsOfEnvoy);
    return metricsOf(await this.caughtUp(`/stats?usedonly&filter=${filter}&`));
  }

  /** The names of the counters of filters. */
  async filterCounters(): Promise<Iterable<string>> {
    return metricsOf(await this.get(`/stats?type=Counters&filter=${encodeURIComponent(ofFilters)}`)).keys();
  }

  /** Histograms whose name matches, as they were merged when stats were asked for the last time; `catchUp` is done too. */
  async histograms(filter: string): Promise<Map<string, HistogramBucket[]>> {
    const query = `format=json&histogram_buckets=detailed&type=Histograms&filter=${encodeURIComponent(filter)}`;
    return parseHistograms(await this.caughtUp(`/stats?${query}&`));
  }

  /**
   * Resolves when every line has been read that Envoy logged before this call: at level debug the admin interface
   * logs each request, on the same stream as everything else.
   */
  async catchUp(): Promise<void> {
    await this.caughtUp("/ready?");
  }

  [Symbol.dispose](): void {
    this.agent.destroy();
  }

  /** The answer to a question, which is a marker in the log too. `path` ends where a parameter of the query can follow. */
  private async caughtUp(path: string): Promise<string> {
    const marker = ++this.markers;
    const answer = await this.get(`${path}${markerQuery}${marker}`);
    await this.log.marker.reached(marker);
    return answer;
  }
}

/** Those that filters have made. */
export const ofFilters = "^wasmcustom\\.";

const listenersPath = "/listeners?format=json";

/** The part of its answer that is read; a listener on a Unix socket has no port. */
interface ListenerStatuses {
  readonly listener_statuses: ReadonlyArray<{
    readonly name: string;
    readonly local_address: { readonly socket_address?: { readonly port_value: number } };
  }>;
}

/** What Envoy counts beside the streams and connections of listeners and clusters. */
const totalsOfEnvoy =
  "^(cluster_manager|control_plane|filesystem|listener_manager|main_thread|runtime|server|thread_local_cluster_manager|wasm|workers)\\.|proxy-wasm-harness|^(http|listener)\\.admin\\.|^http\\.async-client";

function metricsOf(text: string): Map<string, bigint> {
  const lines = text.matchAll(/^(?:wasmcustom\.)?(.*): (\d+)$/gm);
  return new Map([...lines].map(([, name, value]) => [name ?? "", BigInt(value ?? 0)]));
}

function portsOf(text: string): ListenerPorts {
  const { listener_statuses: listeners } = JSON.parse(text) as ListenerStatuses;
  return new Map(
    listeners.map(({ name, local_address: address }) => [name, address.socket_address?.port_value ?? null]),
  );
}
