import { Bytes, HttpCallRequest, isHeaderValue, JsonObject } from "as-proxy-wasm";

const DAY_MS = 86_400_000;
const STATUSES = [401, 403, 500, 503];

/** Where a service has the keys that tokens are verified with, and how often it is asked. */
export class RemoteJwks {
  private constructor(
    /** What is asked. */
    readonly request: HttpCallRequest,
    readonly refreshMs: u32,
    readonly coolDownMs: u32,
    /** The answer while there are no keys. */
    readonly notReadyStatus: i32,
  ) {}

  static read(json: JsonObject): RemoteJwks {
    const cluster = readText(json, "cluster");
    const path = readText(json, "path");
    if (path[0] != 0x2f) json.refuse("path", "must begin with /");
    const request = new HttpCallRequest(cluster, path);
    if (json.has("authority")) request.authority = readText(json, "authority");
    request.timeoutMs = <u32>json.integerOr("timeout_ms", 1, 60_000, 5_000);
    return new RemoteJwks(
      request,
      <u32>json.integerOr("refresh_ms", 1, DAY_MS, 300_000),
      <u32>json.integerOr("cool_down_ms", 1, DAY_MS, 10_000),
      readStatus(json),
    );
  }
}

function readText(json: JsonObject, key: string): Bytes {
  const text = json.bytes(key);
  if (text.length == 0 || !isHeaderValue(text)) json.refuse(key, "must not be empty nor hold CR, LF or NUL");
  return text;
}

function readStatus(json: JsonObject): i32 {
  const status = <i32>json.integerOr("not_ready_status", 0, 599, 503);
  if (!STATUSES.includes(status)) json.refuse("not_ready_status", "must be one of 401, 403, 500, 503");
  return status;
}
