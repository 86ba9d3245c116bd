// The callbacks of the ABI, which filters never name: part of every program, so that the transform sees them all.
import "./assembly/abi/exports";

export { AccessLogger, accessLogger } from "./assembly/access-logger";
export { Action, LogLevel, Peer, Shutdown, Status } from "./assembly/abi/types";
export { Address } from "./assembly/addresses/address";
export { AddressRange } from "./assembly/addresses/range";
export { Ambiguous, PathOptions } from "./assembly/paths/options";
export { BasicPlugin, Plugin } from "./assembly/plugin/basic-plugin";
export { Body } from "./assembly/http/body";
export { vmConfiguration } from "./assembly/buffers";
export { Bytes, utf8 } from "./assembly/bytes";
export { currentTimeNanos, monotonicTimeNanos } from "./assembly/clocks";
export { canonicalHost } from "./assembly/paths/host";
export { Fraction } from "./assembly/chance/fraction";
export { SeededRandom } from "./assembly/chance/seeded-random";
export { clientAddress } from "./assembly/addresses/client-address";
export { Comparison, Look } from "./assembly/conditions/comparison";
export { readComparison } from "./assembly/conditions/comparison-reader";
export { Condition } from "./assembly/conditions/condition";
export { ConditionReader } from "./assembly/conditions/condition-reader";
export { readCondition } from "./assembly/conditions/read-condition";
export { RequestFacts } from "./assembly/conditions/request-facts";
export { FactsOptions, Repeated } from "./assembly/conditions/facts-options";
export { ValueCondition } from "./assembly/conditions/value-condition";
export { Truth } from "./assembly/conditions/truth";
export { decodeBase64, decodeBase64Url, encodeBase64, encodeBase64Url } from "./assembly/encodings/base64";
export { decodeHex, encodeHex } from "./assembly/encodings/hex";
export { HmacSha256, hmacSha256 } from "./assembly/hashes/hmac";
export { randomBytes } from "./assembly/hashes/random-bytes";
export { Sha256, sha256 } from "./assembly/hashes/sha256";
export { SipHash } from "./assembly/hashes/sip-hash";
export { Configuration, NoConfiguration, PluginConfiguration } from "./assembly/plugin/configuration";
export { FieldList } from "./assembly/http-fields/field-list";
export {
  callForeignFunction,
  CelExpression,
  clearRouteCache,
  compress,
  declareProperty,
  ForeignResult,
  LifeSpan,
  PropertyDeclaration,
  PropertyType,
  setEnvoyFilterState,
  sign,
  uncompress,
  verifySignature,
} from "./assembly/foreign-functions";
export { GrpcCall } from "./assembly/grpc/calls";
export { GrpcRequest } from "./assembly/grpc/request";
export { GrpcOutcome, GrpcResult } from "./assembly/grpc/result";
export { GrpcStream } from "./assembly/grpc/streams";
export { isHeaderName, isHeaderValue } from "./assembly/http-fields/syntax";
export { HttpCallRequest } from "./assembly/http-calls/request";
export { HttpCallOutcome, HttpCallResult } from "./assembly/http-calls/result";
export { HttpCall } from "./assembly/http-calls";
export {
  HttpFields,
  RequestHeaders,
  RequestTrailers,
  ResponseHeaders,
  ResponseTrailers,
} from "./assembly/http-fields";
export { HttpFilter, httpFilter } from "./assembly/http/filter";
export { JsonArray } from "./assembly/json/array";
export { JsonObject } from "./assembly/json/object";
export { JwtAlgorithm, jwtAlgorithm } from "./assembly/jwt/algorithm";
export { JwtClaims } from "./assembly/jwt/claims";
export { JsonWebKey } from "./assembly/jwt/json-web-key";
export { JsonWebKeys } from "./assembly/jwt/json-web-keys";
export { Jwt } from "./assembly/jwt/jwt";
export { RemoteKeys } from "./assembly/jwt/remote-keys";
export { JwtVerdict } from "./assembly/jwt/verdict";
export { JwtVerifier } from "./assembly/jwt/verifier";
export { log } from "./assembly/logging";
export { LabelledCounter, LabelledGauge, LabelledHistogram } from "./assembly/metrics/labelled";
export { LabelValues } from "./assembly/metrics/label-list";
export { labelNames, SeriesTable } from "./assembly/metrics/series-table";
export { WorkerGauge } from "./assembly/metrics/worker-gauge";
export { OverLimit } from "./assembly/http/message-flow";
export { Counter, Gauge, Histogram } from "./assembly/metrics";
export { Service, service } from "./assembly/service";
export { NetworkData } from "./assembly/network/data";
export { NetworkFilter, networkFilter } from "./assembly/network/filter";
export { SharedData, SharedUpdate, SharedValue, Stored } from "./assembly/shared-data";
import * as properties from "./assembly/properties/all";
export { properties };
export { booleanAt, doubleAt, integerAt } from "./assembly/properties/values";
export { Pairs } from "./assembly/http-fields/pairs";
export { getProperty, setProperty } from "./assembly/properties";
export { ProtobufReader } from "./assembly/protobuf/reader";
export { ProtobufWriter } from "./assembly/protobuf/writer";
export { RegularExpression } from "./assembly/regular-expressions/regular-expression";
export { decodeQueryPart } from "./assembly/paths/percent";
export { queryValues } from "./assembly/conditions/query";
export { RequestTarget } from "./assembly/paths/target";
export { RouteConfig } from "./assembly/plugin/route-config";
export { QueueReader, SharedQueue } from "./assembly/shared-queues";
export { ReplyOptions } from "./assembly/streams";
export { Timer } from "./assembly/timers";
