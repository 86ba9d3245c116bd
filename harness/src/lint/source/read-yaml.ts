import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseAllDocuments,
  type Alias,
  type Document,
  type Node,
  type Pair,
  type Scalar as YamlScalar,
  type YAMLMap,
} from "yaml";
import { firstLine } from "../../first-line.ts";
import type { Place, Report } from "../finding.ts";
import { isOctal, plainScalar } from "./plain-scalar.ts";
import { pathTo, type Entry, type MapValue, type Value } from "./value.ts";

/** How many values a text may have once its aliases are expanded: Envoy's own limits are memory and time. */
const valueLimit = 200_000;
/** Protobuf refuses more than 100 messages inside of each other, each of which is a map and perhaps a list. */
const depthLimit = 250;

/**
 * Reads YAML, of which JSON is a part, as Envoy does, with the position of every key and value. Null for a text that
 * cannot be read, which is then reported as `syntax`.
 */
export function readYaml(text: string, report: Report): Value | null {
  try {
    return new YamlReader(text, report).read();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const place = error instanceof Unreadable ? error.place : { line: 1, column: 1 };
    report("syntax", { path: "", place }, `it cannot be read: ${message}`);
    return null;
  }
}

/** What the parser of YAML accepts and cannot be used. */
class Unreadable extends Error {
  readonly place: Place;

  constructor(message: string, place: Place) {
    super(message);
    this.place = place;
  }
}

interface Where {
  readonly path: string;
  readonly place: Place;
}

class YamlReader {
  private readonly lines = new LineCounter();
  private readonly documents: readonly Document.Parsed[];
  private readonly report: Report;
  private readonly open = new Set<Node>();
  private count = 0;

  constructor(text: string, report: Report) {
    this.report = report;
    const options = {
      lineCounter: this.lines,
      schema: "failsafe",
      uniqueKeys: false,
      prettyErrors: false,
    } as const;
    const documents = parseAllDocuments(text, options);
    this.documents = Array.isArray(documents) ? documents : [];
  }

  read(): Value | null {
    const errors = this.documents.flatMap((document) => document.errors);
    for (const { message, pos } of errors)
      this.report("syntax", { path: "", place: this.place(pos[0]) }, firstLine(message), adviceFor(message));
    const [first, second] = this.documents;
    if (errors.length > 0) return null;
    if (second !== undefined) this.reportSecond(second);
    return first === undefined || first.contents === null ? emptyMap : this.value(first, first.contents, "");
  }

  private reportSecond(second: Document.Parsed): void {
    const place = this.place(second.contents?.range[0] ?? second.range[0]);
    this.report(
      "several-documents",
      { path: "", place },
      "Envoy reads only the first document of a file, and passes over the others in silence",
      "put each document into a file of its own",
    );
  }

  private value(document: Document, node: Node, path: string): Value {
    const place = this.place(node.range?.[0] ?? 0);
    if (++this.count > valueLimit) throw new Unreadable(`it has more than ${valueLimit} values`, place);
    if (isAlias(node)) return this.aliased(document, node, { path, place });
    if (this.open.has(node)) throw new Unreadable("an alias stands inside of its own anchor", place);
    if (this.open.size >= depthLimit)
      throw new Unreadable(`it is nested deeper than ${depthLimit} levels`, place);
    this.open.add(node);
    const value = this.content(document, node, path);
    this.open.delete(node);
    return value;
  }

  private content(document: Document, node: Node, path: string): Value {
    const place = this.place(node.range?.[0] ?? 0);
    if (isMap(node)) return { kind: "map", entries: this.entries(document, node, path), place };
    if (isSeq(node)) {
      const items = node.items.map((item, i) => this.value(document, item as Node, `${path}[${i}]`));
      return { kind: "list", items, place };
    }
    return isScalar(node) ? this.scalar(node, path, place) : { kind: "scalar", value: null, text: "", place };
  }

  private aliased(document: Document, alias: Alias, { path, place }: Where): Value {
    const anchor = alias.resolve(document);
    if (anchor === undefined)
      throw new Unreadable(`no &${alias.source} stands before this *${alias.source}`, place);
    return this.value(document, anchor, path);
  }

  private scalar(node: YamlScalar, path: string, place: Place): Value {
    const text = String(node.value ?? "");
    const isPlain = node.type === "PLAIN" || node.type === undefined;
    if (isPlain && isOctal(text)) {
      const message = `${text} is the number ${Number.parseInt(text, 8)}: a leading zero makes it octal`;
      this.report("octal-number", { path, place }, message, text.replace(/0+/, ""));
    }
    return { kind: "scalar", value: isPlain ? plainScalar(text) : text, text, place };
  }

  private entries(document: Document, map: YAMLMap, path: string): Entry[] {
    const own: Entry[] = [];
    const merged: Entry[] = [];
    for (const pair of map.items) {
      const entry = this.entry(document, pair as Pair<Node, Node | null>, path);
      if (entry.key === "<<") merged.push(...this.mergedEntries(entry, path));
      else if (this.isNew(own, entry, path)) own.push(entry);
    }
    const names = new Set(own.map(({ key }) => key));
    return [...own, ...merged.filter(({ key }) => !names.has(key))];
  }

  private entry(document: Document, { key, value }: Pair<Node, Node | null>, path: string): Entry {
    const name = isScalar(key) ? String(key.value) : String(key);
    const keyPlace = this.place(key.range?.[0] ?? 0);
    const inner = pathTo(path, name);
    return {
      key: name,
      keyPlace,
      value: value === null ? nothing(keyPlace) : this.value(document, value, inner),
    };
  }

  private isNew(entries: readonly Entry[], { key, keyPlace }: Entry, path: string): boolean {
    const first = entries.find((entry) => entry.key === key);
    if (first === undefined) return true;
    this.report(
      "duplicate-key",
      { path: pathTo(path, key), place: keyPlace },
      `the key ${key} is here a second time (first in line ${first.keyPlace?.line ?? 0}), and Envoy drops one of them in silence`,
      "keep one of them",
    );
    return false;
  }

  private mergedEntries({ keyPlace, value }: Entry, path: string): readonly Entry[] {
    this.report(
      "merge-key",
      { path: pathTo(path, "<<"), place: keyPlace },
      "Envoy's YAML reader has no merge keys: no such field: '<<'",
      "write the fields out, or let another tool expand the file first",
    );
    const sources = value.kind === "list" ? value.items : [value];
    return sources.flatMap((source) => (source.kind === "map" ? source.entries : []));
  }

  private place(offset: number): Place {
    const { line, col } = this.lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  }
}

const emptyMap: MapValue = { kind: "map", entries: [], place: { line: 1, column: 1 } };

function nothing(place: Place | null): Value {
  return { kind: "scalar", value: null, text: "", place };
}

function adviceFor(message: string): string | null {
  return /[Tt]abs? /.test(message) ? "indent with spaces" : null;
}
