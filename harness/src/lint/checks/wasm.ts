import { nearest } from "../../nearest.ts";
import { types, type Check } from "../configuration.ts";
import type { Report } from "../finding.ts";
import type { Message } from "../structure/message.ts";
import { knownModule, pluginCodes, type KnownModule, type PluginCode } from "./wasm-modules.ts";

/** Modules that are there and sound, and plugins that fit them. */
export const pluginsFitModules: Check = (configuration, report) => {
  for (const code of pluginCodes(configuration)) {
    const bytes = code.bytes();
    if (bytes === null) {
      const message = `${code.file ?? ""} is not there, seen from ${configuration.folder}`;
      report(
        "wasm-file",
        code.spot,
        message,
        "build it first, correct the path, or say --folder with where Envoy starts",
      );
      continue;
    }
    const module = knownModule(nameOf(code), bytes);
    if (module === null) report("wasm-unsound", code.spot, `${nameOf(code)} is no WebAssembly module`);
    else checkModuleOf(report, code, module);
  }
};

function nameOf({ file }: PluginCode): string {
  return file ?? "the inline module";
}

function checkModuleOf(report: Report, code: PluginCode, module: KnownModule): void {
  for (const { problem, remedy } of module.report.refusals)
    report("wasm-unsound", code.spot, `Envoy refuses ${nameOf(code)}: ${problem}`, remedy);
  for (const warning of module.report.warnings)
    report("wasm-callback", code.spot, `${nameOf(code)}: ${warning}`);
  checkRootId(report, code.plugin, module);
  checkHeldHeaders(report, code.plugin, module);
  checkAccessLogger(report, code, module);
  checkCallbacks(report, code, module);
  checkCapabilities(report, code.plugin, module);
}

function checkRootId(report: Report, plugin: Message, { rootIds }: KnownModule): void {
  const rootId = plugin.text("root_id") ?? "";
  if (rootIds === null || rootIds.includes(rootId)) return;
  const close = nearest(rootId, rootIds);
  report(
    "unknown-root-id",
    plugin.at("root_id"),
    `the module has no filter for root_id ${JSON.stringify(rootId)}`,
    close === null ? `it is one of ${rootIds.join(", ")}` : `did you mean ${close}?`,
  );
}

const heldHeaders = "envoy_allow_on_headers_stop_iteration";

function checkHeldHeaders(report: Report, plugin: Message, { exports }: KnownModule): void {
  const isHttp = plugin.parent?.type === types.httpWasm;
  if (!isHttp || !exports.has(heldHeaders) || plugin.isOn("allow_on_headers_stop_iteration")) return;
  report(
    "held-headers",
    plugin.spot,
    "the module holds headers while it reads the body, and Envoy lets it only where the plugin says so",
    "allow_on_headers_stop_iteration: true",
  );
}

function checkAccessLogger(report: Report, { plugin, spot }: PluginCode, { exports }: KnownModule): void {
  const isLogger = plugin.parent?.type === "envoy.extensions.access_loggers.wasm.v3.WasmAccessLog";
  if (isLogger && !exports.has("proxy_on_log"))
    report(
      "deaf-access-logger",
      spot,
      "the module exports no proxy_on_log, so this access logger is told of nothing",
    );
}

const httpCallbacks = /^proxy_on_(request|response)_/;
const connectionCallbacks = /^proxy_on_(new_connection|(down|up)stream_(data|connection_close)|log)$/;

function checkCallbacks(report: Report, { plugin, spot }: PluginCode, { exports }: KnownModule): void {
  const has = (callbacks: RegExp): boolean => [...exports].some((name) => callbacks.test(name));
  if (plugin.parent?.type !== types.networkWasm || has(connectionCallbacks) || !has(httpCallbacks)) return;
  report(
    "deaf-network-filter",
    spot,
    "the module has callbacks of HTTP filters only: among network filters it is told of nothing, and all passes",
    "put it among the HTTP filters",
  );
}

function checkCapabilities(report: Report, plugin: Message, { imports }: KnownModule): void {
  const holders = [plugin, plugin.message("vm_config")];
  for (const restriction of holders.flatMap(
    (holder) => holder?.messages("capability_restriction_config") ?? [],
  )) {
    const allowed = new Set(restriction.nodes("allowed_capabilities").map(({ key }) => key));
    const missing = allowed.size === 0 ? [] : imports.filter((name) => !allowed.has(name));
    if (missing.length === 0) continue;
    report(
      "wasm-capabilities",
      restriction.at("allowed_capabilities"),
      `the module imports ${missing.join(", ")}, which ${missing.length === 1 ? "is" : "are"} not allowed: Envoy loads it, and the calls fail or trap`,
      `add ${missing.map((name) => `${name}: {}`).join(", ")}`,
    );
  }
}

/** Plugins share a VM, and its shared data, only when vm_id, code and VM configuration are the same. */
export const virtualMachinesAreShared: Check = (configuration, report) => {
  const first = new Map<string, PluginCode>();
  for (const code of pluginCodes(configuration)) {
    const vm = code.plugin.message("vm_config");
    const id = vm?.text("vm_id") ?? "";
    const other = first.get(id);
    if (id === "" || vm === null || other === undefined) first.set(id, code);
    else if (other.identity !== code.identity) {
      report(
        "vm-id-shared",
        vm.at("vm_id"),
        `vm_id ${id} is also that of ${nameOf(other)}, and a VM has one code: they share queues and data by name, and no VM`,
        "a vm_id for each module",
      );
    }
  }
};
