import { CommonFlags, LiteralKind, NodeKind, SourceKind } from "assemblyscript";
import { isIdentifier, isSdkPath, localNameOf } from "./sources.js";
import { replaceNodes } from "./walk.js";

/** What a class can serve: the decorator that says so, the class of the SDK that it extends, and that one's file. */
export const NETWORK_FILTER = { decorator: "networkFilter", base: "NetworkFilter", file: "network/filter" };
export const KINDS = [
  { decorator: "httpFilter", base: "HttpFilter", file: "http/filter" },
  NETWORK_FILTER,
  { decorator: "accessLogger", base: "AccessLogger", file: "access-logger", isStreamless: true },
  { decorator: "service", base: "Service", file: "service", isStreamless: true },
];

/**
 * Takes `@httpFilter("root id")` and its siblings off the classes of a program and returns them as
 * `{ kind, rootId, className, source, range }`. Each is exported from its file, for the entry to import. What is wrong
 * with a decorator is reported where it stands.
 */
export function takeFilters(sources, report) {
  const filters = sources
    .filter((source) => !isSdkPath(source.internalPath))
    .flatMap((source) => KINDS.flatMap((kind) => take(source, kind, report)));
  reportDuplicates(filters, report);
  return filters;
}

function take(source, kind, report) {
  const decorator = localNameOf(source, kind.decorator);
  if (decorator === null) return [];
  const found = [];
  replaceNodes(source, (node) => {
    const taken = takeDecorator(node, decorator);
    if (taken === undefined) return;
    const problem = refusal(node, taken, source, kind);
    if (problem === null) found.push(filterOf(node, taken, source, kind));
    else report(taken.range, problem);
  });
  if (found.length > 0) source.sourceKind = SourceKind.User;
  return found;
}

function takeDecorator(node, decorator) {
  const taken = node.decorators?.find(({ name }) => isIdentifier(name, decorator));
  if (taken !== undefined) node.decorators = node.decorators.filter((other) => other !== taken);
  return taken;
}

function refusal(node, decorator, source, kind) {
  const name = `@${kind.decorator}`;
  if (node.kind !== NodeKind.ClassDeclaration) return `${name} decorates a class that extends ${kind.base}`;
  if (!source.statements.some((statement) => statement === node || statement.declaration === node))
    return `class ${node.name.text}: ${name} needs a class at a file's top level`;
  if (node.typeParameters !== null)
    return `class ${node.name.text}: a filter cannot have type parameters: decorate a class that extends it`;
  if (node.extendsType === null) return mustExtend({ className: node.name.text, kind });
  if (!hasLiteralName(decorator))
    return `${name} needs the plugin's root_id as a literal: ${name}("header-authz")`;
  return null;
}

function hasLiteralName({ args }) {
  if (args?.length !== 1) return false;
  const [name] = args;
  return name.kind === NodeKind.Literal && name.literalKind === LiteralKind.String && name.value !== "";
}

function filterOf(node, decorator, source, kind) {
  node.flags |= CommonFlags.Export;
  return { kind, rootId: decorator.args[0].value, className: node.name.text, source, range: decorator.range };
}

function reportDuplicates(filters, report) {
  const seen = new Set();
  for (const { rootId, range } of filters) {
    if (seen.has(rootId))
      report(range, `two filters are called ${JSON.stringify(rootId)}: each needs a name of its own`);
    seen.add(rootId);
  }
}

/** The message about a decorated class that is not what its decorator says. */
export function mustExtend({ className, kind }) {
  return `class ${className} is decorated with @${kind.decorator} and must extend ${kind.base}`;
}
