import { ElementKind } from "assemblyscript";
import { SDK_PATH } from "./sources.js";
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
  ["onResponseHeaders", ["proxy_on_response_headers"]],
  ["onResponseBody", ["proxy_on_response_body"]],
  ["onWholeResponseBody", ["proxy_on_response_body", "proxy_on_response_trailers", WHOLE_BODY]],
  ["onResponseTrailers", ["proxy_on_response_trailers"]],
  ["onLog", ["proxy_on_log"]],
  ["onDone", ["proxy_on_done"]],
]);

const GRPC_ENDS = ["proxy_on_grpc_close", "proxy_on_delete_with_grpc"];

const GRPC_PARTS = [
  "proxy_on_grpc_receive_initial_metadata",
  "proxy_on_grpc_receive",
  "proxy_on_grpc_receive_trailing_metadata",
];

/** The callbacks of the ABI that are exported when the program extends a class of the SDK. */
const WHEN_EXTENDED = new Map([
  [`${SDK_PATH}/assembly/http-calls/HttpCall`, ["proxy_on_http_call_response"]],
  [`${SDK_PATH}/assembly/timers/Timer`, ["proxy_on_tick"]],
  [`${SDK_PATH}/assembly/shared-queues/QueueReader`, ["proxy_on_queue_ready"]],
  [`${SDK_PATH}/assembly/grpc-calls/GrpcCall`, [...GRPC_ENDS, "proxy_on_grpc_receive"]],
  [`${SDK_PATH}/assembly/grpc-streams/GrpcStream`, [...GRPC_ENDS, ...GRPC_PARTS]],
]);

/** Functions that are exported under another's name, in its place. */
const IN_PLACE_OF = new Map([["proxy_on_delete_with_grpc", "proxy_on_delete"]]);

/** Every export that hangs on what the program overrides or extends. */
const OPTIONAL = new Set([...OVERRIDABLE.values(), ...WHEN_EXTENDED.values()].flat());

/** The entry's text: registers the filters with the names of their build-info gauges, and exports the whole ABI, of which `dropUnusedExports` keeps what is used. */
export function entryText(filters, buildInfos) {
  return [
    ...PLATFORM_FILES.map((file) => `import "as-proxy-wasm/${file}";`),
    'import { HttpStream } from "as-proxy-wasm/assembly/http-stream";',
    'import { registerHttpFilter } from "as-proxy-wasm/assembly/registry";',
    ...filters.map(
      ({ className, source }, i) => `import { ${className} as Filter${i} } from "${importPath(source)}";`,
    ),
    `export { ${[...ALWAYS, ...OPTIONAL].join(", ")} } from "as-proxy-wasm/assembly/abi/exports";`,
    ...filters.map(
      ({ rootId }, i) =>
        `registerHttpFilter(${JSON.stringify(rootId)}, (): HttpStream => new Filter${i}(), ${JSON.stringify(buildInfos[i])});`,
    ),
  ].join("\n");
}

/** The filters' classes as the compiler resolved them. */
export function filterPrototypes(program, filters) {
  return filters.map(({ className, source }) =>
    program.elementsByName.get(`${source.internalPath}/${className}`),
  );
}

/** Whether a class extends the SDK's HttpFilter, at whatever distance. */
export function isHttpFilter(prototype) {
  return ancestors(prototype).some(
    ({ internalName }) => internalName === `${SDK_PATH}/assembly/http-filter/HttpFilter`,
  );
}

/** Takes from the entry's exports the callbacks that no filter overrides, and those of classes that nobody extends. */
export function dropUnusedExports(program, prototypes) {
  const methods = prototypes.flatMap(overriddenMethods);
  const used = new Set(methods.flatMap((method) => OVERRIDABLE.get(method) ?? []));
  const extended = extendedClasses(program);
  for (const [base, callbacks] of WHEN_EXTENDED)
    if (extended.has(base)) for (const callback of callbacks) used.add(callback);
  const { exports } = program.filesByName.get(ENTRY_PATH.replace(/\.ts$/, ""));
  for (const name of OPTIONAL) if (!used.has(name)) exports.delete(name);
  for (const [name, replaced] of IN_PLACE_OF) rename(exports, name, replaced);
}

/** Gives an export another's name, if there is one. */
function rename(exports, name, replaced) {
  if (!exports.has(name)) return;
  exports.set(replaced, exports.get(name));
  exports.delete(name);
}

/** The internal names of all classes that some class of the program extends, at whatever distance. */
function extendedClasses(program) {
  const prototypes = [...program.elementsByName.values()].filter(
    ({ kind }) => kind === ElementKind.ClassPrototype,
  );
  const bases = prototypes.flatMap((prototype) => ancestors(prototype).slice(1));
  return new Set(bases.map(({ internalName }) => internalName));
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
