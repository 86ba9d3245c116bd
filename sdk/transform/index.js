import { DiagnosticCategory, DiagnosticCode, DiagnosticMessage, formatDiagnostic } from "assemblyscript";
import { BUILD_LABELS, buildId, buildInfoName, versionOf } from "./build-info.js";
import {
  dropUnusedExports,
  ENTRY_PATH,
  entryText,
  filterPrototypes,
  isFilter,
  overriddenMethods,
} from "./entry.js";
import { mustExtend, takeFilters } from "./filters.js";
import { collectLabels } from "./labels.js";
import { findWholeBodyCalls } from "./whole-bodies.js";
import { rewriteLiterals } from "./literals.js";
import { guardLogCalls } from "./log-guards.js";
import { writeManifest } from "./manifest.js";
import { shortenNames } from "./names.js";
import { retargetPlatform } from "./platform.js";
import { replaceRuntime } from "./runtime.js";

/**
 * What makes a proxy-wasm module of filter classes, as a transform of asc: registers the classes that `@httpFilter`
 * and `@networkFilter` decorate, exports the callbacks that they override, turns `utf8("…")` into constants, and keeps log messages from
 * being formatted when nobody wants them.
 */
export default class ProxyWasmTransform {
  /** Rewrites the parsed files and adds the generated entry. */
  async afterParse(parser) {
    const report = (range, message) => parser.diagnostics.push(diagnostic(range, message));
    const build = buildId(parser.sources);
    rewriteSources(parser, report);
    this.labels = collectLabels(parser.sources, report);
    parser.sources.forEach(retargetPlatform);
    replaceRuntime(parser);
    this.filters = takeFilters(parser.sources, report);
    this.wholeBodyCalls = findWholeBodyCalls(parser.sources);
    if (parser.diagnostics.some(({ category }) => category === DiagnosticCategory.Error)) return;
    if (this.filters.length === 0) throw failure(noFilter(parser));
    const infos = await this.buildInfos(build);
    parser.parseFile(entryText(this.filters, infos), ENTRY_PATH, true);
  }

  /** Checks the classes once the compiler knows their ancestors, and drops what they do not override. */
  afterInitialize(program) {
    const prototypes = filterPrototypes(program, this.filters);
    const stranger = this.filters.find((_, i) => !isFilter(prototypes[i], this.filters[i].kind));
    if (stranger !== undefined) {
      throw failure(
        formatDiagnostic(
          diagnostic(stranger.range, mustExtend(stranger.className, stranger.kind)),
          false,
          true,
        ),
      );
    }
    const unheard = this.wholeBodyCalls.find(({ callback }) =>
      prototypes.every((prototype) => !overriddenMethods(prototype).includes(callback)),
    );
    if (unheard !== undefined) throw failure(formatDiagnostic(mustListen(unheard), false, true));
    dropUnusedExports(program, prototypes, this.filters);
    shortenNames(program);
  }

  /** Adds what the module's surroundings need to know of it: the labels of its metrics. */
  afterCompile(module) {
    writeManifest(module, { labels: [...new Set([...this.labels, ...BUILD_LABELS])].sort() });
  }

  /** The name of each filter's build-info gauge. */
  async buildInfos(build) {
    const read = async (file) => this.readFile(file, this.baseDir);
    return Promise.all(
      this.filters.map(async ({ rootId, source }) =>
        buildInfoName(rootId, await versionOf(source, read), build),
      ),
    );
  }
}

/** The part of the transform that needs no filter: for modules that are built from pieces of the SDK. */
export class RewritingTransform {
  afterParse(parser) {
    replaceRuntime(parser);
    rewriteSources(parser, (range, message) => parser.diagnostics.push(diagnostic(range, message)));
  }
}

function mustListen({ range, call, callback }) {
  return diagnostic(
    range,
    `${call}() holds the message for ${callback}, which no filter overrides: override it`,
  );
}

function rewriteSources(parser, report) {
  for (const source of parser.sources) {
    rewriteLiterals(source, report);
    guardLogCalls(source, report);
  }
}

function noFilter(parser) {
  const entries = parser.sources.filter(
    ({ sourceKind, internalPath }) => sourceKind === 1 && !internalPath.startsWith("~lib/"),
  );
  const files = entries.map(({ normalizedPath }) => normalizedPath).join(", ");
  return `this module registers no filter: decorate a class with @httpFilter("root id") in ${files}`;
}

function diagnostic(range, message) {
  return DiagnosticMessage.create(
    DiagnosticCode.User_defined_0,
    DiagnosticCategory.Error,
    message,
    null,
  ).withRange(range);
}

/** An error that asc prints as it is, without a stack. */
function failure(message) {
  const error = new Error(message);
  error.stack = message;
  return error;
}
