import { Node } from "assemblyscript";

/** What links a node to its file, and is no part of the tree. */
const LINKS = new Set(["range", "source"]);

/** Where the compiler reports something in a file: the text around it, and the nodes that it lies in. */
export class Place {
  constructor({ code, message, range, relatedRange }, program) {
    this.program = program;
    this.code = code;
    this.message = message;
    this.range = range;
    this.related = relatedRange;
    this.source = range.source;
  }

  /** The text that the report is about. */
  get text() {
    return this.source.text.slice(this.range.start, this.range.end);
  }

  /** The file's text up to the place. */
  get before() {
    return this.source.text.slice(0, this.range.start);
  }

  /** The file's text from the place on. */
  get after() {
    return this.source.text.slice(this.range.start);
  }

  /** The number of the place's line, from 1 on. */
  get line() {
    return this.source.lineAt(this.range.start);
  }

  /** The nodes that the place lies in, from the file's statement to the innermost. */
  get nodes() {
    const found = [];
    collect(this.source, this.range, found);
    return found;
  }
}

function collect(node, { start, end }, found) {
  for (const [key, child] of Object.entries(node)) {
    if (LINKS.has(key)) continue;
    for (const each of Array.isArray(child) ? child : [child]) {
      if (!(each instanceof Node) || each.range.start > start || each.range.end < end) continue;
      found.push(each);
      collect(each, { start, end }, found);
      return;
    }
  }
}
