import { ElementKind } from "assemblyscript";
import { NETWORK_FILTER } from "./filters.js";
import { SDK_PATH } from "./sources.js";
import { UNPACK } from "./output/static-data.js";
import { PLATFORM_FILES } from "./platform.js";

/** The path of the generated file that is the program's entry. */
export const ENTRY_PATH = "proxy-wasm-entry.ts";

/** What the host needs of every module. */
const ALWAYS = [
  "proxy_abi_version_0_2_1",
  "malloc",
  "proxy_on_context_create",
  "proxy_on_configure",
  "proxy_on_delete",
];

const WHOLE_BODY = "envoy_allow_on_headers_stop_iteration";

/** What is exported when a filter overrides a method: callbacks of the ABI, and what Envoy's configuration must allow. */
const OVERRIDABLE = new Map([
  ["onRequestHeaders", ["proxy_on_request_headers"]],
  ["onRequestBody", ["proxy_on_request_body"]],
  ["onWholeRequestBody", ["proxy_on_request_body", "proxy_on_request_trailers", WHOLE_BODY]],
  ["onRequestTrailers", ["proxy_on_request_trailers"]],
  ["onRequestMetadata", ["proxy_on_request_metadata"]],
  ["onResponseHeaders", ["proxy_on_response_headers"]],
  ["onResponseBody", ["proxy_on_response_body"]],
  ["onWholeResponseBody", ["proxy_on_response_body", "proxy_on_response_trailers", WHOLE_BODY]],
  ["onResponseTrailers", ["proxy_on_response_trailers"]],
  ["onResponseMetadata", ["proxy_on_response_metadata"]],
  ["onLog", ["proxy_on_log"]],
  ["onDone", ["proxy_on_done"]],
]);

const GRPC_ENDS = ["proxy_on_grpc_close", "proxy_on_delete_with_grpc"];

const GRPC_PARTS = [
  "proxy_on_grpc_receive_initial_metadata",
  "proxy_on_grpc_receive",
  "proxy_on_grpc_receive_trailing_metadata",
];

/** What is exported in the place of a callback when a plugin itself, not its streams, is to have it: by class and method. */
const FOR_PLUGINS = [
  {
    base: `${SDK_PATH}/assembly/access-logger/AccessLogger`,
    method: "onLog",
    callback: "proxy_on_log",
    handler: "plugin_on_log",
  },
  {
    base: `${SDK_PATH}/assembly/plugin/basic-plugin/BasicPlugin`,
    method: "onDone",
    callback: "proxy_on_done",
    handler: "plugin_on_done",
  },
];

/** The callbacks of the ABI that are exported when a class which is not the SDK's own extends one that is. */
const WHEN_EXTENDED = new Map([
  [`${SDK_PATH}/assembly/http-calls/HttpCall`, ["proxy_on_http_call_response"]],
  [`${SDK_PATH}/assembly/timers/Timer`, ["proxy_on_tick"]],
  [`${SDK_PATH}/assembly/jwt/remote-keys/RemoteKeys`, ["proxy_on_http_call_response", "proxy_on_tick"]],
  [`${SDK_PATH}/assembly/shared-queues/QueueReader`, ["proxy_on_queue_ready"]],
  [`${SDK_PATH}/assembly/grpc/calls/GrpcCall`, [...GRPC_ENDS, "proxy_on_grpc_receive"]],
  [`${SDK_PATH}/assembly/grpc/streams/GrpcStream`, [...GRPC_ENDS, ...GRPC_PARTS]],
]);

/** As `OVERRIDABLE`, for network filters. A connection that is held must hold what comes through it. */
const OVERRIDABLE_OF_CONNECTIONS = new Map([
  ["onNewConnection", ["proxy_on_new_connection", "proxy_on_downstream_data"]],
  ["onDownstreamData", ["proxy_on_downstream_data"]],
  ["onUpstreamData", ["proxy_on_upstream_data"]],
  ["onDownstreamClose", ["proxy_on_downstream_connection_close"]],
  ["onUpstreamClose", ["proxy_on_upstream_connection_close"]],
  ["onLog", ["proxy_on_log"]],
  ["onDone", ["proxy_on_done"]],
]);

/** What a module with a network filter exports to refuse traffic when the proxy has a filter in the wrong chain. */
const AGAINST_MISPLACEMENT = ["proxy_on_new_connection", "proxy_on_request_headers"];

/** Functions that are exported under another's name, in its place. */
const IN_PLACE_OF = new Map([["proxy_on_delete_with_grpc", "proxy_on_delete"]]);

/** Every export that hangs on what the program overrides or extends. */
const OPTIONAL = new Set([
  ...[...OVERRIDABLE.values(), ...OVERRIDABLE_OF_CONNECTIONS.values()].flat(),
  ...[...WHEN_EXTENDED.values()].flat(),
]);

/** The name that is defined in the whole program where a callback is exported: the SDK asks by `isDefined`. */
const mark = (callback) => `HAS_${callback}`;

const HANDLERS = FOR_PLUGINS.map(({ handler }) => handler);

/**
 * The entry's text: registers the filters with the names of their build-info gauges, and exports the whole ABI, of
 * which `dropUnusedExports` keeps what is used.
 */
export function entryText(filters, buildInfos) {
  return [
    ...PLATFORM_FILES.map((file) => `import "as-proxy-wasm/${file}";`),
    'import { FilterStream } from "as-proxy-wasm/assembly/filter-stream";',
    'import { utf8 } from "as-proxy-wasm/assembly/bytes";',
    'import { chooseByRootId, registerFilter, sample } from "as-proxy-wasm/assembly/plugin/registry";',
    ...(hasNetworkFilter(filters) ? ["@global const HAS_NETWORK_FILTER = true;"] : []),
    ...[...OPTIONAL].map((callback) => `@global const ${mark(callback)} = true;`),
    ...filters.map(
      ({ className, source }, i) => `import { ${className} as Filter${i} } from "${importPath(source)}";`,
    ),
    'import { PassingStream } from "as-proxy-wasm/assembly/plugin/streamless-plugin";',
    `export { ${[...ALWAYS, ...OPTIONAL, ...HANDLERS].join(", ")} } from "as-proxy-wasm/assembly/abi/exports";`,
    `export { ${UNPACK} } from "as-proxy-wasm/assembly/runtime/static-data";`,
    ...filters.map(
      ({ kind, rootId }, i) =>
        `registerFilter(${literal(rootId)}, (): FilterStream => new ${streamClass(kind, i)}(), (): FilterStream => sample<${streamClass(kind, i)}>(), ${literal(buildInfos[i])});`,
    ),
    ...(filters.length > 1 ? ["chooseByRootId();"] : []),
  ].join("\n");
}

/** The class of a filter's streams; a plugin that has none lets them pass. */
function streamClass(kind, i) {
  return kind.isStreamless ? `PassingStream<Filter${i}>` : `Filter${i}`;
}

function literal(text) {
  return `utf8(${JSON.stringify(text)})`;
}

/** The filters' classes as the compiler resolved them. */
export function filterPrototypes(program, filters) {
  return filters.map(({ className, source }) =>
    program.elementsByName.get(`${source.internalPath}/${className}`),
  );
}

/** Whether a class extends the class of the SDK that its decorator asks for, at whatever distance. */
export function isOfItsKind({ kind }, prototype) {
  return extendsClass(prototype, `${SDK_PATH}/assembly/${kind.file}/${kind.base}`);
}

function hasNetworkFilter(filters) {
  return filters.some(({ kind }) => kind === NETWORK_FILTER);
}

/** Takes from the entry's exports the callbacks that no filter overrides, and those of classes that nobody extends. */
export function dropUnusedExports(program, prototypes, filters) {
  const used = new Set(prototypes.flatMap((prototype, i) => callbacksOf(prototype, filters[i].kind)));
  if (hasNetworkFilter(filters)) AGAINST_MISPLACEMENT.forEach((callback) => used.add(callback));
  const extended = extendedClasses(program);
  for (const [base, callbacks] of WHEN_EXTENDED)
    if (extended.has(base)) for (const callback of callbacks) used.add(callback);
  const { exports } = program.filesByName.get(ENTRY_PATH.replace(/\.ts$/, ""));
  for (const { base, method, callback, handler } of FOR_PLUGINS) {
    if (isOverridden(program, base, method)) {
      exports.set(callback, exports.get(handler));
      used.add(callback);
    }
    exports.delete(handler);
  }
  for (const name of [...OPTIONAL].filter((callback) => !used.has(callback))) {
    exports.delete(name);
    program.elementsByName.delete(mark(name));
  }
  for (const [name, replaced] of IN_PLACE_OF) rename(exports, name, replaced);
}

/** Gives an export another's name, if there is one. */
function rename(exports, name, replaced) {
  if (!exports.has(name)) return;
  exports.set(replaced, exports.get(name));
  exports.delete(name);
}

/** Whether a class of the program that extends `base` has a method of its own. */
function isOverridden(program, base, method) {
  return classes(program).some(
    (prototype) => extendsClass(prototype, base) && overriddenMethods(prototype).includes(method),
  );
}

function callbacksOf(prototype, kind) {
  const overridable = kind === NETWORK_FILTER ? OVERRIDABLE_OF_CONNECTIONS : OVERRIDABLE;
  return overriddenMethods(prototype).flatMap((method) => overridable.get(method) ?? []);
}

/** The internal names of all classes that some class but those of the SDK extends, at whatever distance. */
function extendedClasses(program) {
  const own = classes(program).filter(({ internalName }) => !internalName.startsWith(`${SDK_PATH}/`));
  const bases = own.flatMap((prototype) => ancestors(prototype).slice(1));
  return new Set(bases.map(({ internalName }) => internalName));
}

function classes(program) {
  return [...program.elementsByName.values()].filter(({ kind }) => kind === ElementKind.ClassPrototype);
}

function extendsClass(prototype, name) {
  return ancestors(prototype).some(({ internalName }) => internalName === name);
}

/** The names of the methods that a filter's class has, its ancestors' of the program included. */
export function overriddenMethods(prototype) {
  return ancestors(prototype)
    .filter(({ internalName }) => !internalName.startsWith(`${SDK_PATH}/`))
    .flatMap(({ instanceMembers }) => [...(instanceMembers?.keys() ?? [])]);
}

function ancestors(prototype) {
  const chain = [];
  for (let current = prototype; current; current = current.basePrototype) chain.push(current);
  return chain;
}

function importPath({ internalPath }) {
  return internalPath.startsWith("~lib/") ? internalPath.slice("~lib/".length) : `./${internalPath}`;
}
