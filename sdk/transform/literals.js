import { LiteralKind, Node, NodeKind, Parser, Token } from "assemblyscript";
import { isCallOf, localNameOf } from "./sources.js";
import { placeAt, replaceNodes } from "./walk.js";

const EQUALITY = new Set([
  Token.Equals_Equals,
  Token.Equals_Equals_Equals,
  Token.Exclamation_Equals,
  Token.Exclamation_Equals_Equals,
]);

const PREFIX = "utf8_literal_";

/** By the path that asc gives the file, from wherever it is imported: the SDK's own files have literals, too. */
const IMPORT = `import { Bytes as ${PREFIX}Bytes } from "as-proxy-wasm/assembly/bytes";`;

/**
 * Makes of each `utf8("literal")` in a file a constant of that file, which stands in a data segment with its bytes: an
 * address that is no reference, so that nobody looks at it when memory is freed. A comparison of such a call by `==` is
 * reported: it would never hold.
 */
export function rewriteLiterals(source, report) {
  const utf8 = localNameOf(source, "utf8");
  if (utf8 === null) return;
  reportIdentityChecks(source, utf8, report);
  const names = new Map();
  replaceNodes(source, (node) => {
    if (!isCallOf(node, utf8) || node.args.length !== 1 || !isStringLiteral(node.args[0])) return undefined;
    const text = node.args[0].value;
    if (!names.has(text)) names.set(text, { name: `${PREFIX}${names.size}`, range: node.range });
    return useOf(names.get(text).name, node.range);
  });
  if (names.size > 0) source.statements.unshift(...constants(names));
}

function reportIdentityChecks(source, utf8, report) {
  replaceNodes(source, (node) => {
    if (node.kind !== NodeKind.Binary || !EQUALITY.has(node.operator)) return undefined;
    if (!isCallOf(node.left, utf8) && !isCallOf(node.right, utf8)) return undefined;
    report(node.range, "== tells whether two Bytes are the same object: compare with equals()");
    return undefined;
  });
}

function isStringLiteral(node) {
  return node.kind === NodeKind.Literal && node.literalKind === LiteralKind.String;
}

/** `changetype<Bytes>(name)` */
function useOf(name, range) {
  const bytes = Node.createNamedType(Node.createSimpleTypeName(`${PREFIX}Bytes`, range), [], false, range);
  const literal = Node.createIdentifierExpression(name, range);
  return Node.createCallExpression(
    Node.createIdentifierExpression("changetype", range),
    [bytes],
    [literal],
    range,
  );
}

/** An import of what the constants need, then the constants: before the file's own code, which may use them at once. */
function constants(names) {
  const uses = [...names.values()].flatMap((use) => [use, use]);
  const lines = [...names].flatMap(([text, { name }]) => constant(text, name));
  const statements = parseStatements([IMPORT, ...lines].join("\n"));
  statements.forEach((statement, i) => placeAt(statement, uses[Math.max(i - 1, 0)].range));
  return statements;
}

/** The bytes, and the object that `emptyBytes` in the SDK's `bytes.ts` shows: known when compiling, so nothing is run. */
function constant(text, name) {
  const bytes = new TextEncoder().encode(text);
  const start = bytes.length === 0 ? 0 : `memory.data<u8>([${bytes.join(",")}])`;
  const view = `${PREFIX}Bytes`;
  const object = `[0, 0, idof<${view}>(), offsetof<${view}>(), 0, <u32>${name}_start, ${bytes.length}]`;
  return [
    `@lazy @inline const ${name}_start: usize = ${start};`,
    `@lazy @inline const ${name}: usize = memory.data<u32>(${object}, 16) + 16;`,
  ];
}

function parseStatements(text) {
  const parser = new Parser([], []);
  parser.parseFile(text, "literals.ts", false);
  return parser.sources[0].statements;
}
