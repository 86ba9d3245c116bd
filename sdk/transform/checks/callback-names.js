import { CommonFlags, ElementKind, NodeKind } from "assemblyscript";
import { nearest } from "../nearest.js";
import { isSdkPath, userSources } from "../sources.js";
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

/** Reports methods that are written to be the SDK's callbacks and would never be called: a name mistyped, or static. */
export function checkCallbackNames(program, reportAt) {
  const used = usedNames(program.sources);
  for (const prototype of program.elementsByName.values()) {
    if (prototype.kind !== ElementKind.ClassPrototype || !isOfProgram(prototype)) continue;
    const inherited = inheritedNames(prototype);
    if (inherited === null) continue;
    for (const { name, flags, identifierNode } of methodsOf(prototype.declaration)) {
      const problem = refusal(name, flags, inherited, used, prototype.name);
      if (problem !== null) reportAt(identifierNode.range, problem);
    }
  }
}

function refusal(name, flags, inherited, used, className) {
  if ((flags & CommonFlags.Static) !== 0)
    return inherited.has(name) && name.startsWith("on")
      ? `a static ${name} is never called: leave \`static\` out`
      : null;
  if (inherited.has(name) || used.has(name)) return null;
  const callbacks = [...inherited].filter((callback) => /^on[A-Z]/.test(callback));
  const elsewhere = Object.hasOwn(ELSEWHERE, name) ? ELSEWHERE[name] : null;
  const meant =
    nearest(name, callbacks) ?? callbacks.find((callback) => elsewhere?.includes(callback)) ?? null;
  if (meant !== null) return `${className}.${name} is never called: did you mean ${meant}?`;
  return elsewhere === null ? null : `${className}.${name} is never called: write ${elsewhere}`;
}

function methodsOf({ members }) {
  return members
    .filter(({ kind }) => kind === NodeKind.MethodDeclaration)
    .map(({ name, flags }) => ({ name: name.text, flags, identifierNode: name }));
}

/** What a class inherits by name; null when no ancestor is the SDK's. */
function inheritedNames({ basePrototype }) {
  const names = new Set();
  let isOfSdk = false;
  for (let base = basePrototype; base; base = base.basePrototype) {
    isOfSdk ||= !isOfProgram(base) && isSdkPath(base.declaration.range.source.internalPath);
    for (const name of base.instanceMembers?.keys() ?? []) names.add(name);
  }
  return isOfSdk ? names : null;
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
