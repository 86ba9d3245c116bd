import { DiagnosticCategory, SourceKind } from "assemblyscript";
import { advise, muteConsequences } from "./advice/advise.js";
import { BUILD_LABELS, buildId, buildInfoName, versionOf } from "./build-info.js";
import { checkCallbackNames } from "./checks/callback-names.js";
import { checkComparisons } from "./checks/comparisons.js";
import { checkConfigurationClasses } from "./checks/configuration-classes.js";
import { checkConstructs } from "./checks/constructs.js";
import { checkImports } from "./checks/imports.js";
import { checkFilterClasses } from "./checks/filter-classes.js";
import {
  dropUnusedExports,
  ENTRY_PATH,
  entryText,
  filterPrototypes,
  isOfItsKind,
  overriddenMethods,
} from "./entry.js";
import { mustExtend, takeFilters } from "./filters.js";
import { collectLabels, usesWorkerGauge } from "./labels.js";
import { checkWholeBodyCalls, findWholeBodyCalls } from "./whole-bodies.js";
import { rewriteLiterals } from "./literals.js";
import { guardLogCalls } from "./log-guards.js";
import { writeManifest } from "./manifest.js";
import { finishOutput } from "./output/finish.js";
import { packStaticData } from "./output/static-data.js";
import { tabulateVisitors } from "./output/visitors.js";
import { retargetPlatform } from "./platform.js";
import { report } from "./reports.js";
import { replaceRuntime } from "./runtime.js";
import { userSources } from "./sources.js";

/**
 * What makes a proxy-wasm module of filter classes, as a transform of asc: registers the classes that `@httpFilter`
 * and `@networkFilter` decorate, exports the callbacks that they override, turns `utf8("…")` into constants, and keeps
 * log messages from being formatted when nobody wants them.
 */
export default class ProxyWasmTransform {
  constructor() {
    advise(this.program);
  }

  /** Rewrites the parsed files and adds the generated entry. */
  async afterParse(parser) {
    const reportAt = (...finding) => parser.diagnostics.push(report(...finding));
    const build = buildId(parser.sources);
    checkConstructs(parser.sources, reportAt);
    checkImports(parser.sources, reportAt);
    checkFilterClasses(parser.sources, reportAt);
    rewriteSources(parser, reportAt);
    this.labels = collectLabels(parser.sources, reportAt);
    this.usesWorkers = usesWorkerGauge(parser.sources);
    parser.sources.forEach(retargetPlatform);
    replaceRuntime(parser);
    this.filters = takeFilters(parser.sources, reportAt);
    this.wholeBodyCalls = findWholeBodyCalls(parser.sources);
    if (parser.diagnostics.some(({ category }) => category === DiagnosticCategory.Error)) return;
    if (this.filters.length === 0) throw failure(noFilter(parser));
    const infos = await this.buildInfos(build);
    parser.parseFile(entryText(this.filters, infos), ENTRY_PATH, true);
    rewriteLiterals(
      parser.sources.find(({ normalizedPath }) => normalizedPath === ENTRY_PATH),
      reportAt,
    );
  }

  /** Checks the classes once the compiler knows their ancestors, and drops what they do not override. */
  afterInitialize(program) {
    const prototypes = filterPrototypes(program, this.filters);
    if (!this.isSound(program, prototypes)) return muteConsequences(program);
    checkComparisons(program, (...finding) => program.diagnostics.push(report(...finding)));
    dropUnusedExports(program, prototypes, this);
  }

  /** Reports what would compile and never do what it is written for; whether there is nothing of that kind. */
  isSound(program, prototypes) {
    const before = program.diagnostics.length;
    const reportAt = (...finding) => program.diagnostics.push(report(...finding));
    for (const filter of this.filters.filter((filter, i) => !isOfItsKind(filter, prototypes[i])))
      reportAt(filter.range, mustExtend(filter));
    checkWholeBodyCalls(this.wholeBodyCalls, prototypes.flatMap(overriddenMethods), reportAt);
    checkCallbackNames(program, reportAt);
    checkConfigurationClasses(prototypes, reportAt);
    return program.diagnostics.length === before;
  }

  /** Adds what the module's surroundings need to know of it: the labels of its metrics, and whom it serves. */
  afterCompile(module) {
    writeManifest(module, {
      labels: [...new Set([...this.labels, ...BUILD_LABELS])].sort(),
      rootIds: this.filters.map(({ rootId }) => rootId).sort(),
    });
    tabulateVisitors(module, this.program);
    packStaticData(module);
    finishOutput(module);
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
    rewriteSources(parser, (range, message) => parser.diagnostics.push(report(range, message)));
  }

  afterCompile(module) {
    tabulateVisitors(module, this.program);
  }
}

function rewriteSources(parser, report) {
  for (const source of parser.sources) {
    rewriteLiterals(source, report);
    guardLogCalls(source, report);
  }
}

function noFilter(parser) {
  const entries = userSources(parser.sources).filter(({ sourceKind }) => sourceKind === SourceKind.UserEntry);
  const files = entries.map(({ normalizedPath }) => normalizedPath).join(", ");
  return `this module registers no filter: decorate a class with @httpFilter("root id") in ${files}`;
}

/** An error that asc prints as it is, without a stack. */
function failure(message) {
  const error = new Error(message);
  error.stack = message;
  return error;
}
