const statuses = [
  ...(["Ok", "NotFound", "BadArgument", "SerializationFailure", "ParseFailure", "BadExpression"] as const),
  ...(["InvalidMemoryAccess", "Empty", "CasMismatch", "ResultMismatch", "InternalFailure"] as const),
  ...(["BrokenConnection", "Unimplemented"] as const),
];

// prettier-ignore
const errors = {
  0: "Success", 8: "BadDescriptor", 20: "Exists", 21: "Fault", 28: "Invalid", 44: "NoEntry", 52: "NoSystemCall", 58: "NotSupported", 76: "NotCapable",
} as const;

/**
 * How a host call may fail (`proxy_status_t`).
 *
 * @category Send and receive
 */
export type StatusName = Exclude<(typeof statuses)[number], "Ok">;
/**
 * How a function of WASI may fail in Envoy.
 *
 * @category Send and receive
 */
export type ErrnoName = Exclude<(typeof errors)[keyof typeof errors], "Success">;

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
  Errno: errors,
  HeaderMapType: [
    ...["RequestHeaders", "RequestTrailers", "ResponseHeaders", "ResponseTrailers"],
    ...["GrpcReceiveInitialMetadata", "GrpcReceiveTrailingMetadata"],
    ...["HttpCallResponseHeaders", "HttpCallResponseTrailers"],
  ],
  LogLevel: ["Trace", "Debug", "Info", "Warn", "Error", "Critical"],
  MetricType: ["Counter", "Gauge", "Histogram"],
  PeerType: ["Unknown", "Local", "Remote"],
  Status: statuses,
  StreamType: ["Request", "Response", "Downstream", "Upstream"],
};
