/** By the gRPC status, from 0 to 16. */
const HTTP_STATUSES: StaticArray<i32> = [
  200, 499, 500, 400, 504, 404, 409, 403, 429, 400, 409, 400, 501, 500, 503, 500, 401,
];

/** The HTTP status that stands for a gRPC status. Source: Envoy, `Grpc::Utility::grpcToHttpStatus`. */
export function httpStatusOf(grpcStatus: i32): i32 {
  return HTTP_STATUSES[grpcStatus];
}
