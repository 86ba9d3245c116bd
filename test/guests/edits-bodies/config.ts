import { Body, Bytes, Configuration, JsonObject, log, OverLimit } from "as-proxy-wasm";

/** What the filter announces when it sees the headers. */
export enum Mode {
  Look,
  Rewrite,
  Whole,
  /** Of responses only. */
  Cut,
}

const MODES = ["look", "rewrite", "whole", "cut"];
const EDITS = ["nothing", "read", "replace", "append", "prepend", "replace_each", "range"];

enum Do {
  Nothing,
  Read,
  Replace,
  Append,
  Prepend,
  ReplaceEach,
  Range,
}

/** What becomes of the bodies of one direction. */
export class BodyEdit {
  mode: i32 = 0;
  limit: i32 = 0;
  overLimit: OverLimit = OverLimit.Refuse;
  /** Chunks are held back until the end is there. */
  isHolding: bool = false;
  /** What is held is not shown again, and the sender waits. */
  isSenderHeld: bool = false;
  /** Nothing is changed before the end. */
  isAtEnd: bool = false;
  private kind: i32 = 0;
  private text: Bytes = Bytes.EMPTY;
  private needle: Bytes = Bytes.EMPTY;

  read(json: JsonObject): void {
    this.mode = json.oneOf("mode", MODES);
    this.limit = <i32>json.integerOr("limit", 0, i32.MAX_VALUE, 1_000);
    if (json.booleanOr("pass_on", false)) this.overLimit = OverLimit.PassOn;
    this.isHolding = json.booleanOr("hold", false);
    this.isSenderHeld = json.booleanOr("hold_sender", false);
    this.isAtEnd = json.booleanOr("at_end", false);
    this.kind = json.oneOf("do", EDITS);
    this.text = json.bytesOr("text", Bytes.EMPTY);
    this.needle = json.bytesOr("needle", Bytes.EMPTY);
  }

  apply(body: Body): void {
    if (this.kind == Do.Read) log.info("bytes: " + body.read().toString());
    else if (this.kind == Do.Replace) told(body.replace(this.text), body);
    else if (this.kind == Do.Append) told(body.append(this.text), body);
    else if (this.kind == Do.Prepend) told(body.prepend(this.text), body);
    else if (this.kind == Do.ReplaceEach)
      log.info(body.replaceEach(this.needle, this.text).toString() + " replaced");
    else if (this.kind == Do.Range)
      log.info(
        "range: " +
          body.read(2, 3).toString() +
          "|" +
          body.read(-1, 1).toString() +
          "|" +
          body.read(99).toString(),
      );
  }
}

function told(isDone: bool, body: Body): void {
  log.info((isDone ? "done: " : "refused: ") + body.size.toString());
}

/** `"request"` and `"response"`, each `{ "mode", "limit", "pass_on", "hold", "hold_sender", "at_end", "do", "text", "needle" }`. */
export class EditsConfiguration extends Configuration {
  readonly request: BodyEdit = new BodyEdit();
  readonly response: BodyEdit = new BodyEdit();

  read(json: JsonObject): void {
    if (json.has("request")) this.request.read(json.object("request"));
    if (json.has("response")) this.response.read(json.object("response"));
  }
}
