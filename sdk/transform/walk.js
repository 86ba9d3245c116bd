import { Node } from "assemblyscript";

/** What links a node to its file, and is no part of the tree. */
const LINKS = new Set(["range", "source"]);

/**
 * Visits every node below `node`, children before parents, and puts in its place what `visit` returns; a node for
 * which it returns undefined stays.
 */
export function replaceNodes(node, visit) {
  for (const key of Object.keys(node)) {
    if (LINKS.has(key)) continue;
    const child = node[key];
    if (child instanceof Node) node[key] = replaced(child, visit);
    else if (Array.isArray(child)) replaceItems(child, visit);
  }
}

/** Lets a generated node and all below it stand where `range` is: diagnostics and source maps point there. */
export function placeAt(node, range) {
  node.range = range;
  replaceNodes(node, (child) => {
    child.range = range;
    return undefined;
  });
}

function replaceItems(items, visit) {
  items.forEach((item, index) => {
    if (item instanceof Node) items[index] = replaced(item, visit);
    else if (Array.isArray(item)) replaceItems(item, visit);
  });
}

function replaced(node, visit) {
  replaceNodes(node, visit);
  return visit(node) ?? node;
}
