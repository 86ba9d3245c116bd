import { Bytes, Configuration, FieldList, HttpFields, JsonArray, JsonObject, log, utf8 } from "as-proxy-wasm";

/** The callbacks, in the order of their names in the configuration. */
export enum Where {
  RequestHeaders,
  RequestBody,
  RequestTrailers,
  ResponseHeaders,
  /** The request's headers, in `onResponseHeaders`. */
  RequestHeadersLate,
  ResponseBody,
  ResponseTrailers,
  /** The request's headers, in `onLog`. */
  Log,
}

const PLACES = [
  "request_headers",
  "request_body",
  "request_trailers",
  "response_headers",
  "request_headers_late",
  "response_body",
  "response_trailers",
  "log",
];
const EDITS = ["add", "set", "remove", "read", "names", "replace_all", "flood"];

enum Do {
  Add,
  Set,
  Remove,
  Read,
  Names,
  ReplaceAll,
  Flood,
}

/** One change, or one look. */
export class Edit {
  constructor(
    readonly kind: i32,
    readonly name: Bytes,
    readonly value: Bytes,
  ) {}
}

/** What the filter shall do, and in which callback. */
export class EditsConfiguration extends Configuration {
  where: i32 = 0;
  /** Trailers are added at the end of a body, unless `"at_end"` is false: then in every piece of it. */
  onlyAtEnd: bool = true;
  /** `[{ "do", "name", "value" }]`. */
  readonly edits: Edit[] = [];
  /** `[[name, value]]`, for `"do": "replace_all"`. */
  readonly fields: FieldList = new FieldList();

  read(json: JsonObject): void {
    this.where = json.oneOf("in", PLACES);
    this.onlyAtEnd = json.booleanOr("at_end", true);
    this.readEdits(json.arrayOrEmpty("edits"));
    this.readFields(json.arrayOrEmpty("fields"));
  }

  private readEdits(json: JsonArray): void {
    for (let i = 0; i < json.length; i++) {
      const edit = json.object(i);
      const kind = edit.oneOf("do", EDITS);
      this.edits.push(new Edit(kind, edit.bytesOr("name", Bytes.EMPTY), edit.bytesOr("value", Bytes.EMPTY)));
    }
  }

  private readFields(json: JsonArray): void {
    for (let i = 0; i < json.length; i++) {
      const field = json.array(i);
      this.fields.add(field.bytes(0), field.bytes(1));
    }
  }
}

/** Does all edits of a configuration. */
export function apply(config: EditsConfiguration, fields: HttpFields): void {
  for (let i = 0; i < config.edits.length; i++) applyOne(config.edits[i], config, fields);
}

function applyOne(edit: Edit, config: EditsConfiguration, fields: HttpFields): void {
  if (edit.kind == Do.Add) fields.add(edit.name, edit.value);
  else if (edit.kind == Do.Set) fields.set(edit.name, edit.value);
  else if (edit.kind == Do.Remove) fields.remove(edit.name);
  else if (edit.kind == Do.Read) logValue(fields.get(edit.name));
  else if (edit.kind == Do.Names) logNames(fields.names());
  else if (edit.kind == Do.ReplaceAll) fields.replaceAll(config.fields);
  else flood();
}

function logValue(value: Bytes | null): void {
  log.info(value === null ? "absent" : "value: " + value.toString());
}

function logNames(names: Bytes[]): void {
  for (let i = 0; i < names.length; i++) log.info("name: " + names[i].toString());
}

/** Fills two lists until they refuse to grow: one with many fields, and one with large ones. */
function flood(): void {
  log.info("many: " + filled(Bytes.fromString("1")).toString());
  log.info("large: " + filled(Bytes.fromString("v".repeat(1 << 18))).toString());
}

function filled(value: Bytes): i32 {
  const list = new FieldList();
  while (list.add(utf8("x-a"), value)) {}
  return list.size;
}
