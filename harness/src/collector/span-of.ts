import type { AnyValue, KeyValue } from "../../api/opentelemetry/proto/common/v1/common_pb.js";
import {
  Span_SpanKind,
  Status_StatusCode,
  type Span as OtlpSpan,
} from "../../api/opentelemetry/proto/trace/v1/trace_pb.js";
import type { Span, SpanAttribute } from "../spans.ts";

const kinds: Readonly<Record<Span_SpanKind, Span["kind"]>> = {
  [Span_SpanKind.UNSPECIFIED]: "unspecified",
  [Span_SpanKind.INTERNAL]: "internal",
  [Span_SpanKind.SERVER]: "server",
  [Span_SpanKind.CLIENT]: "client",
  [Span_SpanKind.PRODUCER]: "producer",
  [Span_SpanKind.CONSUMER]: "consumer",
};

const statuses: Readonly<Record<Status_StatusCode, Span["status"]>> = {
  [Status_StatusCode.UNSET]: "unset",
  [Status_StatusCode.OK]: "ok",
  [Status_StatusCode.ERROR]: "error",
};

/** A span as tests read it. */
export function spanOf(span: OtlpSpan): Span {
  const { name, kind, traceState, status, startTimeUnixNano: start, endTimeUnixNano: end } = span;
  return {
    name,
    kind: kinds[kind],
    traceId: hex(span.traceId),
    spanId: hex(span.spanId),
    parentSpanId: span.parentSpanId.length === 0 ? null : hex(span.parentSpanId),
    traceState,
    attributes: attributesOf(span.attributes),
    status: statuses[status?.code ?? Status_StatusCode.UNSET],
    startMs: Number(start) / 1e6,
    durationMs: Number(end - start) / 1e6,
  };
}

/** Attributes by their names. */
export function attributesOf(pairs: readonly KeyValue[]): Record<string, SpanAttribute> {
  return Object.fromEntries(pairs.map(({ key, value }) => [key, attributeOf(value)]));
}

function attributeOf(any: AnyValue | undefined): SpanAttribute {
  const one = any?.value ?? { case: undefined };
  if (one.case === "arrayValue") return one.value.values.map(attributeOf);
  if (one.case === undefined || one.case === "kvlistValue") return null;
  return typeof one.value === "bigint" ? Number(one.value) : one.value;
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}
