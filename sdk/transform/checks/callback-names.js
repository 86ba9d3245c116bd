import { CommonFlags, ElementKind, NodeKind } from "assemblyscript";
import { nearest } from "../nearest.js";
import { isSdkPath, SDK_PATH, userSources } from "../sources.js";
import { replaceNodes } from "../walk.js";

/** Callbacks as other SDKs name them, and where this one has them. */
const ELSEWHERE = {
  onTick: "a class that extends Timer, whose method is onTime, and this.plugin.every(ms, timer)",
  onHttpCallResponse:
    "a class that extends HttpCall, whose method is onResult, and this.call(request, handler)",
  onQueueReady: "a class that extends QueueReader, whose method is onMessage, and readQueue(name, reader)",
  onConfigure: "onConfigured of a class that extends Plugin, or read of the configuration's class",
  onPluginStart: "onConfigured of a class that extends Plugin, or read of the configuration's class",
  onVmStart: "onConfigured of a class that extends Plugin",
  onStart: "onConfigured of a class that extends Plugin",
  onCreate: "the class's constructor",
  onContextCreate: "the class's constructor",
  onDelete: "onDone",
  onHttpStreamDone: "onDone",
};

/** The classes of the SDK that have callbacks, for programs to extend. */
const BASES = [
  "http/filter/HttpFilter",
  "network/filter/NetworkFilter",
  "access-logger/AccessLogger",
  "plugin/basic-plugin/Plugin",
  "timers/Timer",
  "http-calls/HttpCall",
  "grpc/calls/GrpcCall",
  "grpc/streams/GrpcStream",
  "shared-queues/QueueReader",
];

/** Reports methods that are written to be the SDK's callbacks and would never be called: a name mistyped, another class's, or static. */
export function checkCallbackNames(program, reportAt) {
  const known = { used: usedNames(program.sources), owners: callbackOwners(program) };
  for (const prototype of program.elementsByName.values()) {
    if (prototype.kind !== ElementKind.ClassPrototype || !isOfProgram(prototype)) continue;
    const inherited = inheritedNames(prototype);
    if (inherited === null) continue;
    for (const { name, flags, identifierNode } of methodsOf(prototype.declaration)) {
      const problem = refusal({ name, flags }, inherited, known, prototype.name);
      if (problem !== null) reportAt(identifierNode.range, problem);
    }
  }
}

function refusal({ name, flags }, inherited, { used, owners }, className) {
  if ((flags & CommonFlags.Static) !== 0)
    return inherited.has(name) && name.startsWith("on")
      ? `a static ${name} is never called: leave \`static\` out`
      : null;
  if (inherited.has(name) || used.has(name)) return null;
  const callbacks = [...inherited].filter(isCallback);
  const elsewhere = Object.hasOwn(ELSEWHERE, name) ? ELSEWHERE[name] : null;
  const meant =
    nearest(name, callbacks) ?? callbacks.find((callback) => elsewhere?.includes(callback)) ?? null;
  if (meant !== null) return `${className}.${name} is never called: did you mean ${meant}?`;
  if (elsewhere !== null) return `${className}.${name} is never called: write ${elsewhere}`;
  return owners.has(name)
    ? `${className}.${name} is never called: only a class that extends ${either(owners.get(name))} has this callback`
    : null;
}

/** The names of the SDK's classes that have a callback, by its name. */
function callbackOwners({ elementsByName }) {
  const owners = new Map();
  const known = BASES.map((base) => elementsByName.get(`${SDK_PATH}/assembly/${base}`));
  for (const prototype of known.filter((found) => found !== undefined)) {
    for (const name of callbacksOf(prototype))
      owners.set(name, [...(owners.get(name) ?? []), prototype.name]);
  }
  return owners;
}

function callbacksOf(prototype) {
  return [...namesOf(prototype)].filter(isCallback);
}

function isCallback(name) {
  return /^on[A-Z]/.test(name);
}

function either(names) {
  return names.length === 1 ? names[0] : `${names.slice(0, -1).join(", ")} or ${names.at(-1)}`;
}

function methodsOf({ members }) {
  return members
    .filter(({ kind }) => kind === NodeKind.MethodDeclaration)
    .map(({ name, flags }) => ({ name: name.text, flags, identifierNode: name }));
}

/** What a class inherits by name; null when no ancestor is the SDK's. */
function inheritedNames({ basePrototype }) {
  let isOfSdk = false;
  for (let base = basePrototype; base; base = base.basePrototype)
    isOfSdk ||= !isOfProgram(base) && isSdkPath(base.declaration.range.source.internalPath);
  return isOfSdk ? namesOf(basePrototype) : null;
}

/** The names of the members of a class and its ancestors. */
function namesOf(prototype) {
  const names = new Set();
  for (let current = prototype; current; current = current.basePrototype)
    for (const name of current.instanceMembers?.keys() ?? []) names.add(name);
  return names;
}

function isOfProgram({ declaration }) {
  return !declaration.range.source.internalPath.startsWith("~lib/");
}

/** The names that the program calls or reads of some object. */
function usedNames(sources) {
  const names = new Set();
  for (const source of userSources(sources)) {
    replaceNodes(source, (node) => {
      if (node.kind === NodeKind.PropertyAccess) names.add(node.property.text);
      return undefined;
    });
  }
  return names;
}
