/** The names of numbers in the ABI, by their types in `abi-calls.ts`. Sources: as `abi.ts`; of the actions, Envoy's `filter.h`. */
export const abiEnums: Readonly<Record<string, Readonly<Record<number, string>>>> = {
  Action: ["Continue", "Pause"],
  BodyAction: ["Continue", "Pause", "StopIterationAndWatermark", "StopIterationNoBuffer"],
  HeadersAction: [
    ...["Continue", "Pause", "ContinueAndEndStream"],
    ...["StopAllIterationAndBuffer", "StopAllIterationAndWatermark"],
  ],
  BufferType: [
    ...["HttpRequestBody", "HttpResponseBody", "DownstreamData", "UpstreamData"],
    ...["HttpCallResponseBody", "GrpcReceiveBuffer", "VmConfiguration", "PluginConfiguration", "CallData"],
  ],
  ClockId: ["Realtime", "Monotonic"],
  Errno: {
    ...{ 0: "Success", 8: "BadDescriptor", 20: "Exists", 21: "Fault", 28: "Invalid" },
    ...{ 44: "NoEntry", 52: "NoSystemCall", 58: "NotSupported" },
  },
  HeaderMapType: [
    ...["RequestHeaders", "RequestTrailers", "ResponseHeaders", "ResponseTrailers"],
    ...["GrpcReceiveInitialMetadata", "GrpcReceiveTrailingMetadata"],
    ...["HttpCallResponseHeaders", "HttpCallResponseTrailers"],
  ],
  LogLevel: ["Trace", "Debug", "Info", "Warn", "Error", "Critical"],
  MetricType: ["Counter", "Gauge", "Histogram"],
  PeerType: ["Unknown", "Local", "Remote"],
  Status: [
    ...["Ok", "NotFound", "BadArgument", "SerializationFailure", "ParseFailure", "BadExpression"],
    ...["InvalidMemoryAccess", "Empty", "CasMismatch", "ResultMismatch", "InternalFailure"],
    ...["BrokenConnection", "Unimplemented"],
  ],
  StreamType: ["Request", "Response", "Downstream", "Upstream"],
};
