import { HarnessError } from "./errors.ts";

/** What a handler of the test's threw, as every backend says it. */
export function handlerFailure(service: "the upstream" | "the gRPC service", cause: unknown): HarnessError {
  if (cause instanceof HarnessError) return cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new HarnessError("invalid_input", `${service}'s handler threw: ${reason}`, { cause });
}
