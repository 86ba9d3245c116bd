import { expect, test } from "vitest";
import { parseLogLine } from "../../harness/src/envoy/log-line.ts";
import { Trace } from "../../harness/src/envoy/trace.ts";

function traceOf(...lines: readonly string[]): Trace {
  const trace = new Trace();
  for (const line of lines) add(trace, line);
  return trace;
}

function add(trace: Trace, text: string): void {
  const line = parseLogLine(text);
  if (line !== null) trace.add(line);
}

const now = Math.floor(Date.now() / 1000) + 60;
const line = (thread: number, text: string): string => `${now}.000000007 ${thread} trace wasm ${text}`;

test("the calls of threads that speak at once stay apart", () => {
  const trace = traceOf(
    line(11, "[host->vm] proxy_on_request_headers(2, 5, 1)"),
    line(12, "[host->vm] proxy_on_tick(1)"),
    line(11, "[vm->host] env.proxy_log(2, 64, 7)"),
    line(12, "[host<-vm] proxy_on_tick return: void"),
    line(11, "[vm<-host] env.proxy_log return: 0"),
    line(11, "[host<-vm] proxy_on_request_headers return: 1"),
  );

  expect(trace.snapshot()).toMatchObject({ calls: 3, hostCalls: 1 });
  expect(trace.snapshot().since(0)).toMatchObject([
    { name: "proxy_on_request_headers", result: "Pause", depth: 0, contextId: 2 },
    { name: "proxy_on_tick", result: null, depth: 0, contextId: 1 },
    { name: "proxy_log", result: "Ok", depth: 1, contextId: 2 },
  ]);
});

test("a host call belongs to the context that the filter has chosen", () => {
  const trace = traceOf(
    line(11, "[host->vm] proxy_on_http_call_response(1, 4, 3, 0, 0)"),
    line(11, "[vm->host] env.proxy_set_effective_context(7)"),
    line(11, "[vm<-host] env.proxy_set_effective_context return: 0"),
    line(11, "[vm->host] env.proxy_continue_stream(0)"),
  );

  expect(trace.snapshot().since(0).map(({ contextId }) => contextId)).toEqual([1, 1, 7]); // prettier-ignore
  expect(trace.snapshot().since(2)).toMatchObject([
    { name: "proxy_continue_stream", arguments: { stream: "Request" }, result: null },
  ]);
});

test("a number of 64 bits has its sign", () => {
  const trace = traceOf(
    line(11, "[vm->host] env.proxy_increment_metric(4, 18446744073709551615)"),
    line(11, "[vm->host] env.proxy_increment_metric(4, -9223372036854775808)"),
  );

  const offsets = trace.snapshot().since(0).map((entry) => entry.arguments["offset"]); // prettier-ignore
  expect(offsets).toEqual([-1, "-9223372036854775808"]);
});

test("only the last calls are kept, and how many came before is known", () => {
  const trace = new Trace();
  for (let i = 1; i <= 200_001; i++) {
    add(trace, line(11, `[host->vm] proxy_on_log(${i})`));
    add(trace, line(11, "[host<-vm] proxy_on_log return: void"));
  }

  const kept = trace.snapshot().since(50_000);
  expect([kept.length, kept.omitted]).toEqual([100_001, 50_000]);
  expect([kept[0]?.contextId, kept.at(-1)?.contextId]).toEqual([100_001, 200_001]);
});
