import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { isCi } from "../../harness/requires-ci.ts";

/** Skips a test, visibly, on a machine without Prometheus; with `CI=true` the test goes on, and fails. */
export function requiresPrometheus(skip: (note: string) => void): void {
  const isThere = ["prometheus", "promtool"].every(
    (program) => spawnSync(program, ["--version"], { stdio: "ignore" }).error === undefined,
  );
  if (!isThere && !isCi) skip("no prometheus and promtool on this machine");
}

/** What `promtool check metrics` says of a page, one line a finding. */
export function findings(page: string): string[] {
  const { stdout, stderr, error } = spawnSync("promtool", ["check", "metrics"], {
    input: page,
    encoding: "utf8",
  });
  if (error !== undefined) throw error;
  return `${stdout}${stderr}`.split("\n").filter((line) => line !== "");
}

/** A sample as Prometheus has it. */
export interface Sample {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A Prometheus that scrapes a page, and answers queries. */
export class PrometheusServer implements AsyncDisposable {
  private readonly port: number;
  private readonly all: AsyncDisposableStack;

  private constructor(port: number, all: AsyncDisposableStack) {
    this.port = port;
    this.all = all;
  }

  /** Starts one that asks `page` again and again. */
  static async start(page: () => Promise<string>): Promise<PrometheusServer> {
    const all = new AsyncDisposableStack();
    const folder = await mkdtemp(path.join(tmpdir(), "prometheus-"));
    all.defer(() => rm(folder, { recursive: true }));
    const target = await serve(page, all);
    await writeFile(path.join(folder, "prometheus.yml"), scraping(target));
    return new PrometheusServer(await run(folder, all), all);
  }

  /** The samples that an expression of PromQL has now. */
  async query(expression: string): Promise<Sample[]> {
    const url = `http://127.0.0.1:${this.port}/api/v1/query?query=${encodeURIComponent(expression)}`;
    const { data } = (await (await fetch(url)).json()) as { data: { result: Vector } };
    return data.result.map(({ metric, value }) => ({ metric, value: Number(value[1]) }));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.all.disposeAsync();
  }
}

type Vector = ReadonlyArray<{ metric: Record<string, string>; value: [number, string] }>;

async function serve(page: () => Promise<string>, all: AsyncDisposableStack): Promise<number> {
  const server = http.createServer((_, response) => {
    page().then(
      (text) => response.writeHead(200, { "content-type": "text/plain; version=0.0.4" }).end(text),
      () => response.writeHead(500).end(),
    );
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  all.defer(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

function scraping(port: number): string {
  const job = { job_name: "envoy", metrics_path: "/", static_configs: [{ targets: [`127.0.0.1:${port}`] }] };
  return JSON.stringify({
    global: { scrape_interval: "200ms", scrape_timeout: "200ms" },
    scrape_configs: [job],
  });
}

/** The port that it has taken. */
async function run(folder: string, all: AsyncDisposableStack): Promise<number> {
  const child = spawn(
    "prometheus",
    [
      `--config.file=${folder}/prometheus.yml`,
      `--storage.tsdb.path=${folder}/data`,
      "--web.listen-address=127.0.0.1:0",
    ],
    { stdio: ["ignore", "ignore", "pipe"] },
  );
  all.defer(async () => {
    const ended = once(child, "close");
    child.kill("SIGKILL");
    await ended;
  });
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stderr })) {
    const port = /msg="Listening on" address=127\.0\.0\.1:(\d+)/.exec(line)?.[1];
    if (port !== undefined) {
      child.stderr.resume();
      return Number(port);
    }
    lines.push(line);
  }
  throw new Error(`prometheus has ended:\n${lines.join("\n")}`);
}
