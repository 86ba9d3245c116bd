import { isMessage, toJson, type Message as ProtobufMessage } from "@bufbuild/protobuf";
import { envoyApi, knownApiVersions } from "../envoy-api/descriptors.ts";
import { checks } from "./checks/all.ts";
import { Configuration, types } from "./configuration.ts";
import type { LintFinding, Report } from "./finding.ts";
import { FindingList } from "./finding-list.ts";
import type { RuleName } from "./rules.ts";
import { silencedLines } from "./source/comments.ts";
import { fromJson } from "./source/from-json.ts";
import { readYaml } from "./source/read-yaml.ts";
import { pathTo, valueOf, type Value } from "./source/value.ts";
import type { Message } from "./structure/message.ts";
import type { Reading } from "./structure/reader.ts";
import { readRoot, readRoots } from "./structure/roots.ts";

/**
 * What lint is to know beside the configuration.
 *
 * @category Check configurations
 */
export interface LintOptions {
  /** The version of Envoy that will have the configuration, default the newest known: `1.38`. */
  readonly envoy?: string;
  /** The name under which findings show the file; default none. */
  readonly file?: string;
  /** Where Envoy will be started, to which paths of Wasm modules are relative; default the current folder. */
  readonly folder?: string;
  /** Rules that are not to report anything. */
  readonly off?: readonly RuleName[];
  /** Rules whose findings are to be warnings. */
  readonly warn?: readonly RuleName[];
  /**
   * Clusters that are configured elsewhere. Without it, clusters that are named are looked for only where all are known:
   * in a bootstrap without CDS, and in resources that have both clusters and what names them.
   */
  readonly otherClusters?: readonly string[];
}

/**
 * Holds the text of a configuration, YAML or JSON, against Envoy's API and against what Envoy accepts in silence. It is a
 * bootstrap, a resource of any type with `@type`, a list of such, or a DiscoveryResponse. Findings are in the order of
 * the text; one with the rule `syntax` says that it cannot be read. Refused with `invalid_input` is only a version of
 * Envoy that is not known.
 *
 * @category Check configurations
 */
export function lintText(text: string, options: LintOptions = {}): LintFinding[] {
  return lintedText(text, options).findings.all();
}

/** What there is against a text, and as what it was read. */
export interface LintedText {
  /** To which what others find can be added. */
  readonly findings: FindingList;
  /** Null for a text that cannot be read. */
  readonly value: Value | null;
  /** Whether it is one, which is what Envoy itself can be asked about. */
  readonly isBootstrap: boolean;
}

/** As `lintText`. */
export function lintedText(text: string, options: LintOptions): LintedText {
  const findings = new FindingList(options);
  const reading = readingOf(options, findings.report);
  const value = readYaml(text, findings.report);
  if (value === null) return { findings, value, isBootstrap: false };
  findings.silence(silencedLines(text, findings.report));
  const roots = readRoots(reading, value);
  checkAll(roots, options, findings.report);
  const isBootstrap = roots.some(({ type }) => type === types.bootstrap);
  return { findings, value, isBootstrap };
}

/**
 * As `lintText`, for resources that are no text: messages of Envoy's typed API, in an `Any` or not, or objects as
 * protobuf's JSON has them, with `@type`. Paths begin with the resource: `Listener["in"].filter_chains[0]`.
 *
 * @category Check configurations
 */
export function lintResources(resources: Iterable<object>, options: LintOptions = {}): LintFinding[] {
  const findings = new FindingList(options);
  const reading = readingOf(options, findings.report);
  const roots = [...resources].flatMap((resource, i) => {
    const value = valueOfResource(resource, i, findings.report);
    return value === null ? [] : (readRoot(reading, value, rootPath(value, i)) ?? []);
  });
  checkAll(roots, options, findings.report);
  return findings.all();
}

function readingOf({ envoy }: LintOptions, report: Report): Reading {
  const version = envoy ?? knownApiVersions().at(-1) ?? "";
  return { api: envoyApi(version), version, report };
}

function checkAll(roots: readonly Message[], options: LintOptions, report: Report): void {
  const otherClusters = options.otherClusters ?? (isWhole(roots) ? [] : null);
  const folder = options.folder ?? process.cwd();
  const configuration = new Configuration(roots, { otherClusters, folder });
  for (const check of checks) check(configuration, report);
}

/** Whether resources have both clusters and what names them, so that they are all that there is. */
function isWhole(roots: readonly Message[]): boolean {
  const has = (type: string): boolean => roots.some((root) => root.type === type);
  return has(types.cluster) && (has(types.listener) || has(types.routes));
}

/** Messages are read through their JSON, of which the newest version has every type. */
function valueOfResource(resource: object, index: number, report: Report): Value | null {
  if (!isMessage(resource)) return fromJson(resource);
  try {
    return fromJson(jsonOf(resource));
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    report("unchecked-type", { path: `[${index}]`, place: null }, `it cannot be read: ${message}`);
    return null;
  }
}

function jsonOf(message: ProtobufMessage): unknown {
  const registry = envoyApi(knownApiVersions().at(-1) ?? "");
  const desc = registry.getMessage(message.$typeName);
  if (desc === undefined) throw new RangeError(`there is no type ${message.$typeName}`);
  const json = toJson(desc, message, { registry, useProtoFieldName: true });
  const type = { "@type": `type.googleapis.com/${message.$typeName}` };
  return message.$typeName === "google.protobuf.Any" ? json : { ...type, ...(json as object) };
}

/** `Listener["in"]`; by position when it has no name. */
function rootPath(value: Value, index: number): string {
  if (value.kind !== "map") return `[${index}]`;
  const text = (key: string): string | null => {
    const found = valueOf(value, key);
    return found?.kind === "scalar" && typeof found.value === "string" ? found.value : null;
  };
  const name = text("name") ?? text("cluster_name");
  const type = text("@type")?.replace(/^.*[./]/, "") ?? "";
  return name === null || type === "" ? `[${index}]` : `${pathTo("", type)}[${JSON.stringify(name)}]`;
}
