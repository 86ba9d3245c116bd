import { Bytes, ProtobufReader } from "as-proxy-wasm";
import { Field } from "../answers/fields";
import { DescriptorStatus } from "./descriptor-status";

/** Whether the service has room. Source: envoy.service.ratelimit.v3.RateLimitResponse, `Code`. */
export enum Code {
  Unknown,
  Ok,
  OverLimit,
}

/** Field numbers of envoy.service.ratelimit.v3.RateLimitResponse. */
enum Part {
  OverallCode = 1,
  Statuses = 2,
  ResponseHeadersToAdd = 3,
  RequestHeadersToAdd = 4,
  RawBody = 5,
}

/** What a service has answered. */
export class RateLimitResponse {
  code: Code = Code.Unknown;
  /** One for each descriptor, in their order. */
  readonly statuses: DescriptorStatus[] = [];
  readonly responseHeaders: Field[] = [];
  readonly requestHeaders: Field[] = [];
  /** The body of a refusal; empty for the filter's own. */
  body: Bytes = Bytes.EMPTY;

  /** Reads an answer; what is malformed has `Code.Unknown`. */
  static read(message: Bytes): RateLimitResponse {
    const response = new RateLimitResponse();
    const reader = new ProtobufReader(message);
    while (reader.next()) response.take(reader);
    if (reader.isMalformed || response.code > Code.OverLimit) response.code = Code.Unknown;
    return response;
  }

  private take(reader: ProtobufReader): void {
    switch (reader.field) {
      case Part.OverallCode:
        this.code = <Code>reader.number;
        break;
      case Part.Statuses:
        this.statuses.push(new DescriptorStatus(reader.bytes));
        break;
      case Part.ResponseHeadersToAdd:
        this.responseHeaders.push(readHeader(reader.bytes));
        break;
      case Part.RequestHeadersToAdd:
        this.requestHeaders.push(readHeader(reader.bytes));
        break;
      case Part.RawBody:
        this.body = reader.bytes;
    }
  }
}

/** Source: envoy.config.core.v3, `HeaderValue`. */
function readHeader(message: Bytes): Field {
  let name = Bytes.EMPTY;
  let value = Bytes.EMPTY;
  const reader = new ProtobufReader(message);
  while (reader.next()) {
    if (reader.field == 1) name = reader.bytes;
    else if (reader.bytes.length > 0) value = reader.bytes;
  }
  return new Field(name, value);
}
