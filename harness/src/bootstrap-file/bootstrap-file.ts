import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fromJson, type JsonObject } from "@bufbuild/protobuf";
import { BootstrapSchema, type Bootstrap } from "../../api/envoy/config/bootstrap/v3/bootstrap_pb.js";
import { envoyApi } from "../envoy-api/descriptors.ts";
import type { LocalFiles } from "../envoy/envoy-site.ts";
import { HarnessError } from "../errors.ts";
import { findModule } from "../module/find.ts";
import { addAccessLog, moveAccessLogs } from "./access-logs.ts";
import { moveToLoopback, type FileListener } from "./addresses.ts";
import { clusterNames, replaceServers } from "./clusters.ts";
import { resolveFiles } from "./data-sources.ts";
import { replaceModules } from "./plugins.ts";
import { readBootstrap } from "./read.ts";

/** A bootstrap that somebody runs in production, and what has to be known to run it here. */
export class BootstrapFile implements AsyncDisposable {
  readonly file: string;
  /** The names of its static clusters. */
  readonly clusters: readonly string[];
  private readonly json: JsonObject;
  private readonly version: string;
  private readonly folder: string;

  private constructor(file: string, version: string, json: JsonObject, folder: string) {
    this.file = file;
    this.version = version;
    this.json = json;
    this.folder = folder;
    this.clusters = clusterNames(json);
  }

  /** Refused with `not_found` or `invalid_input`, and where its resources come from a control plane. */
  static async read(file: string, version: string): Promise<BootstrapFile> {
    const json = await readBootstrap(file, version);
    refuseDynamic(file, json);
    const folder = await mkdtemp(path.join(tmpdir(), "proxy-wasm-bootstrap-"));
    return new BootstrapFile(file, version, json, folder);
  }

  /** Where its access logs are written. */
  get accessLogFile(): string {
    return path.join(this.folder, "access.log");
  }

  /** As it can run here, with servers on these ports in the place of its clusters' own. Refused with `invalid_input`. */
  async localised({ modules, ports, relativeTo }: Local): Promise<LocalBootstrap> {
    const json = structuredClone(this.json);
    const read = resolveFiles(json, path.dirname(this.file));
    replaceModules(json, await filesOf(modules, relativeTo));
    replaceServers(json, ports);
    const listeners = moveToLoopback(json);
    moveAccessLogs(json, this.accessLogFile);
    const statPrefixes = addAccessLog(json);
    const bootstrap = fromJson(BootstrapSchema, json, { registry: envoyApi(this.version) });
    return { bootstrap, listeners, statPrefixes, json, files: { read, folder: this.folder } };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}

export interface Local {
  /** Filters' folders or paths to `.wasm`, by the names of the plugins that they are for. */
  readonly modules: Readonly<Record<string, string>>;
  /** Of the servers, by the names of the clusters. */
  readonly ports: ReadonlyMap<string, number>;
  readonly relativeTo: string;
}

/** A bootstrap as it runs here. */
export interface LocalBootstrap {
  readonly bootstrap: Bootstrap;
  readonly listeners: readonly FileListener[];
  /** Of the HTTP connection managers' stats. */
  readonly statPrefixes: readonly string[];
  readonly json: JsonObject;
  readonly files: LocalFiles;
}

async function filesOf(
  modules: Readonly<Record<string, string>>,
  relativeTo: string,
): Promise<Map<string, string>> {
  const found = Object.entries(modules).map(
    async ([name, filter]) => [name, await findModule(filter, relativeTo)] as const,
  );
  return new Map(await Promise.all(found));
}

function refuseDynamic(file: string, json: JsonObject): void {
  if (json["dynamic_resources"] === undefined) return;
  throw new HarnessError(
    "invalid_input",
    `${file} has its resources from a control plane, which is not here: give what it serves as static_resources, or ` +
      "serve it from a ControlPlane in the test",
  );
}
