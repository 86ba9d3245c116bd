import type { MatcherState } from "vitest";
import type { AccessLogEntry } from "../../observation.ts";
import type { Span } from "../../spans.ts";
import type { Judgement } from "./judgement.ts";
import { hasOneWith } from "./subset.ts";

/** Of a span or an entry, each part as it is or as `expect.stringMatching` and its like have it. */
export type Wanted<T> = { readonly [K in keyof T]?: unknown };

export function toHaveSpan(this: MatcherState, spans: readonly Span[], wanted: Wanted<Span>): Judgement {
  const { equals, isNot } = this;
  return hasOneWith(spans, wanted, {
    equals,
    negated: isNot ? "toHaveSpan" : null,
    noun: "a span",
    nouns: "spans",
    shown: ({ kind, name, attributes, status }) =>
      `${kind} "${name}" ${String(attributes["http.method"] ?? "")} ${String(attributes["http.status_code"] ?? "")} ${status}`.replaceAll(
        / +/g,
        " ",
      ),
  });
}

export function toHaveAccessLogEntry(
  this: MatcherState,
  accessLog: readonly AccessLogEntry[],
  wanted: Wanted<AccessLogEntry>,
): Judgement {
  const { equals, isNot } = this;
  return hasOneWith(accessLog, wanted, {
    equals,
    negated: isNot ? "toHaveAccessLogEntry" : null,
    noun: "an entry of the access log",
    nouns: "entries of the access log",
    shown: ({ method, path, status, details, responseFlags = [] }) =>
      [method, path, status, details, ...responseFlags].join(" "),
  });
}
