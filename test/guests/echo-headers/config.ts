import { Bytes, Configuration, JsonArray, JsonObject, ReplyOptions } from "as-proxy-wasm";

const EDITS = ["add", "set", "remove"];

/** One change of the request's headers. */
export class Edit {
  constructor(
    /** 0 adds, 1 sets, 2 removes. */
    readonly kind: i32,
    readonly name: Bytes,
    readonly value: Bytes,
  ) {}
}

/** A local reply and what it carries. */
export class Reply {
  constructor(
    readonly status: i32,
    readonly details: string,
    readonly options: ReplyOptions,
  ) {}
}

/** What the filter shall do; nothing unless asked. */
export class EchoConfiguration extends Configuration {
  /** `"log"`: logs every request header at info as `name=value`. */
  isLogging: bool = false;
  /** `"edits"`: `[{ "do": "add" | "set" | "remove", "name", "value" }]`, on the request's headers, in their order. */
  readonly edits: Edit[] = [];
  /** `"reply"`: `{ "status", "details", "body", "headers": [[name, value]], "grpc_status" }`. */
  reply: Reply | null = null;
  /** `"response_header"`: this value as `x-echo` on the response. */
  responseHeader: Bytes | null = null;
  /** `"time"`: adds `x-time-nanos` to the request's headers. */
  isTiming: bool = false;

  read(json: JsonObject): void {
    this.isLogging = json.booleanOr("log", false);
    this.isTiming = json.booleanOr("time", false);
    this.readEdits(json.arrayOrEmpty("edits"));
    if (json.has("response_header")) this.responseHeader = json.bytes("response_header");
    if (json.has("reply")) this.reply = readReply(json.object("reply"));
  }

  private readEdits(json: JsonArray): void {
    for (let i = 0; i < json.length; i++) {
      const edit = json.object(i);
      this.edits.push(
        new Edit(edit.oneOf("do", EDITS), edit.bytes("name"), edit.bytesOr("value", Bytes.EMPTY)),
      );
    }
  }
}

function readReply(json: JsonObject): Reply {
  const options = new ReplyOptions();
  options.body = json.bytesOr("body", Bytes.EMPTY);
  options.grpcStatus = <i32>json.integerOr("grpc_status", 0, 16, -1);
  readHeaders(json.arrayOrEmpty("headers"), options);
  return new Reply(<i32>json.integer("status", 0, 9999), json.string("details"), options);
}

function readHeaders(json: JsonArray, options: ReplyOptions): void {
  for (let i = 0; i < json.length; i++) {
    const header = json.array(i);
    options.addHeader(header.bytes(0), header.bytes(1));
  }
}
