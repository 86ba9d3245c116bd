import {
  Action,
  Bytes,
  Configuration,
  JsonObject,
  NetworkData,
  NetworkFilter,
  networkFilter,
  utf8,
} from "as-proxy-wasm";

const DIRECTIONS = ["downstream", "upstream"];
const EDITS = ["append", "prepend", "replace", "replace_each", "drain"];

enum Edit {
  Append,
  Prepend,
  Replace,
  ReplaceEach,
  Drain,
}

/** `{ "in", "edit", "text", "length" }` */
class EditConfiguration extends Configuration {
  isUpstream: bool = false;
  edit: i32 = 0;
  text: Bytes = Bytes.EMPTY;
  /** How many bytes are drained. */
  length: i32 = 0;

  read(json: JsonObject): void {
    this.isUpstream = json.oneOf("in", DIRECTIONS) == 1;
    this.edit = json.oneOf("edit", EDITS);
    this.text = Bytes.fromString(json.stringOr("text", ""));
    this.length = <i32>json.integerOr("length", 0, i32.MAX_VALUE, i32.MAX_VALUE);
  }
}

/** Changes what passes in one direction; `replace_each` puts its text in the place of each `secret`. */
@networkFilter("edits-connections")
export class EditsConnections extends NetworkFilter<EditConfiguration> {
  onDownstreamData(data: NetworkData, endOfStream: bool): Action {
    return this.config.isUpstream ? Action.Continue : this.editIn(data);
  }

  onUpstreamData(data: NetworkData, endOfStream: bool): Action {
    return this.config.isUpstream ? this.editIn(data) : Action.Continue;
  }

  private editIn(data: NetworkData): Action {
    if (data.size == 0) return Action.Continue; // the end alone
    const edit = this.config.edit;
    const text = this.config.text;
    if (edit == Edit.Append) data.append(text);
    if (edit == Edit.Prepend) data.prepend(text);
    if (edit == Edit.Replace) data.replace(text);
    if (edit == Edit.ReplaceEach) data.replaceEach(utf8("secret"), text);
    if (edit == Edit.Drain) data.drain(this.config.length);
    return Action.Continue;
  }
}
