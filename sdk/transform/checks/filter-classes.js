import { CommonFlags, NodeKind } from "assemblyscript";
import { KINDS } from "../filters.js";
import { nearest } from "../nearest.js";
import { isIdentifier, localNameOf, userSources } from "../sources.js";
import { replaceNodes } from "../walk.js";

/** The SDK's decorators of classes, and what such a class extends. */
const DECORATORS = new Map(KINDS.map(({ decorator, base }) => [decorator, base]));

/**
 * Reports classes that are meant to be filters and would not be: a mistyped decorator, none, or a class that cannot be
 * made.
 */
export function checkFilterClasses(sources, reportAt) {
  const files = userSources(sources);
  const mentioned = mentionedNames(files);
  for (const source of files) {
    for (const node of source.statements.map(({ declaration, ...rest }) => declaration ?? rest)) {
      if (node.kind !== NodeKind.ClassDeclaration) continue;
      for (const problem of problemsOf(node, source, mentioned)) reportAt(problem.range, problem.text);
    }
  }
}

function problemsOf(node, source, mentioned) {
  const decorators = node.decorators ?? [];
  const strange = decorators
    .map((decorator) => mistyped(decorator, source))
    .filter((problem) => problem !== null);
  if (strange.length > 0) return strange;
  const decorator = decorators.find(({ name }) => isDecorator(name, source));
  if (decorator !== undefined) return unmakeable(node);
  return isForgotten(node, source, mentioned)
    ? [
        {
          range: node.name.range,
          text: `class ${node.name.text} extends ${node.extendsType.name.identifier.text} and serves no plugin: decorate it with @${decoratorOf(node, source)}("root id")`,
        },
      ]
    : [];
}

function isDecorator(name, source) {
  return [...DECORATORS.keys()].some((known) => isIdentifier(name, localNameOf(source, known)));
}

function mistyped({ name, range }, source) {
  if (isDecorator(name, source)) return null;
  const meant = nearest(name.text ?? "", [...DECORATORS.keys()]); // a namespace, which has no text, is reported itself
  return meant === null
    ? null
    : {
        range,
        text: `${range.source.text.slice(range.start, name.range.end)} is unknown: write @${meant}(…), imported by \`import { ${meant} } from "as-proxy-wasm"\``,
      };
}

/** The SDK makes an object of the class for each stream, and has nothing to give its constructor. */
function unmakeable(node) {
  const { flags, name, members } = node;
  if ((flags & CommonFlags.Abstract) !== 0)
    return [{ range: name.range, text: `class ${name.text} is abstract: decorate a class that extends it` }];
  const constructor = members.find(({ name: { text } }) => text === "constructor");
  if (constructor === undefined || constructor.signature.parameters.length === 0) return [];
  return [
    {
      range: constructor.name.range,
      text: `class ${name.text}: a filter's constructor has no parameters; its configuration is this.config, in the callbacks`,
    },
  ];
}

/** Whether a class extends one that is to be decorated, and nobody makes use of it. */
function isForgotten(node, source, mentioned) {
  return (
    decoratorOf(node, source) !== null &&
    (node.flags & CommonFlags.Abstract) === 0 &&
    !mentioned.has(node.name.text)
  );
}

function decoratorOf({ extendsType }, source) {
  const base = extendsType?.name.identifier;
  if (base === undefined) return null;
  for (const [decorator, baseClass] of DECORATORS)
    if (base.text === localNameOf(source, baseClass)) return decorator;
  return null;
}

/** The names that stand anywhere but at their declaration. */
function mentionedNames(files) {
  const names = new Set();
  const declared = new Set();
  for (const source of files) {
    replaceNodes(source, (node) => {
      if (node.kind === NodeKind.ClassDeclaration) declared.add(node.name);
      return undefined;
    });
    replaceNodes(source, (node) => {
      if (node.kind === NodeKind.Identifier && !declared.has(node)) names.add(node.text);
      return undefined;
    });
  }
  return names;
}
