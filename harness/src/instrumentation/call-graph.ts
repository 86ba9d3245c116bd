import type { FunctionBody } from "./function-body.ts";

/** Which functions of a module call which; numbers as the module has them, imported functions first. */
export interface CallGraph {
  readonly bodies: readonly FunctionBody[];
  readonly importCount: number;
  /** The functions that can be called through tables and references. */
  readonly targets: ReadonlySet<number>;
}

/** Of every ring of calls at least one function: those that a call without an end comes to again and again. */
export function ringEntries(graph: CallGraph): ReadonlySet<number> {
  const calls = withoutEnds(reversed(withoutEnds(callsOf(graph))));
  const entries = new Set<number>();
  for (const [callee, callers] of calls) {
    if ([...callers].some((caller) => caller >= callee)) entries.add(callee);
  }
  return entries;
}

type Edges = Map<number, Set<number>>;

/** Calls through tables are calls of one more function, the last, which calls all that can be called so. */
function callsOf({ bodies, importCount, targets }: CallGraph): Edges {
  const anyTarget = importCount + bodies.length;
  const edges: Edges = new Map([[anyTarget, new Set(targets)]]);
  bodies.forEach((body, i) => {
    const indirect = body.callsIndirectly ? [anyTarget] : [];
    edges.set(importCount + i, new Set([...body.callees, ...indirect]));
  });
  return edges;
}

function reversed(edges: Edges): Edges {
  const back: Edges = new Map([...edges.keys()].map((node) => [node, new Set()]));
  for (const [from, tos] of edges) for (const to of tos) back.get(to)?.add(from);
  return back;
}

/** Takes functions away that call none of those that are left, until every one does. */
function withoutEnds(edges: Edges): Edges {
  const left: Edges = new Map(
    [...edges].map(([from, tos]) => [from, new Set([...tos].filter((to) => edges.has(to)))]),
  );
  const back = reversed(left);
  const ends = [...left].filter(([, tos]) => tos.size === 0).map(([node]) => node);
  for (let end = ends.pop(); end !== undefined; end = ends.pop()) {
    left.delete(end);
    for (const caller of back.get(end) ?? []) {
      const tos = left.get(caller);
      if (tos?.delete(end) === true && tos.size === 0) ends.push(caller);
    }
  }
  return left;
}
